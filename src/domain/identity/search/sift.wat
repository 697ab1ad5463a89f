;; Sifts a gallery of rounded rows: which rows can be among the nearest to a probe. Assembled by `npm run wasm` into
;; sift-bytes.ts; a test compares the two.
;;
;; Memory, set up by face-index.ts:
;;   rows    count x width bytes, int8, padded to a multiple of four rows
;;   bounds  per four rows: four float32 steps, then four float32 roundings (bound of what rounding moved a product by)
;;   probe   width x int16
;;   best    wanted x float32, filled with -infinity: the greatest lower bounds so far, greatest first
;;   found   room for count x (int32 row, float32 upper bound)
(module
  (import "sift" "memory" (memory 1))

  ;; Notes one row that may be near: into `found`, and its lower bound into `best`. Returns the new end of `found`.
  (func $note (param $row i32) (param $upper f32) (param $lower f32) (param $best i32) (param $last i32) (param $end i32) (result i32)
    (local $at i32)
    (i32.store (local.get $end) (local.get $row))
    (f32.store offset=4 (local.get $end) (local.get $upper))
    (if (f32.gt (local.get $lower) (f32.load (local.get $last)))
      (then
        (local.set $at (local.get $last))
        (block $placed
          (loop $up
            (br_if $placed (i32.le_u (local.get $at) (local.get $best)))
            (br_if $placed (i32.eqz (f32.gt (local.get $lower) (f32.load (i32.sub (local.get $at) (i32.const 4))))))
            (f32.store (local.get $at) (f32.load (i32.sub (local.get $at) (i32.const 4))))
            (local.set $at (i32.sub (local.get $at) (i32.const 4)))
            (br $up)))
        (f32.store (local.get $at) (local.get $lower))))
    (i32.add (local.get $end) (i32.const 8)))

  ;; Walks all rows once, four at a time. `step` and `slack` are the probe's: its rounding step, and the bound of what
  ;; its rounding moved a product by. Returns the number of rows in `found`.
  (func (export "sift")
    (param $rows i32) (param $bounds i32) (param $count i32) (param $width i32)
    (param $probe i32) (param $step f32) (param $slack f32) (param $best i32) (param $wanted i32) (param $found i32)
    (result i32)
    (local $row i32) (local $at i32) (local $skip i32) (local $column i32) (local $columns i32) (local $last i32) (local $end i32)
    (local $p v128) (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $upper v128) (local $reach v128)
    (local $row1 i32) (local $row2 i32) (local $row3 i32)
    (local.set $columns (i32.add (local.get $probe) (i32.shl (local.get $width) (i32.const 1))))
    (local.set $skip (i32.mul (local.get $width) (i32.const 3)))
    (local.set $last (i32.add (local.get $best) (i32.shl (i32.sub (local.get $wanted) (i32.const 1)) (i32.const 2))))
    (local.set $end (local.get $found))
    (local.set $at (local.get $rows))
    (loop $four
      (local.set $a (v128.const i32x4 0 0 0 0))
      (local.set $b (v128.const i32x4 0 0 0 0))
      (local.set $c (v128.const i32x4 0 0 0 0))
      (local.set $d (v128.const i32x4 0 0 0 0))
      (local.set $row1 (i32.add (local.get $at) (local.get $width)))
      (local.set $row2 (i32.add (local.get $row1) (local.get $width)))
      (local.set $row3 (i32.add (local.get $row2) (local.get $width)))
      (local.set $column (local.get $probe))
      (loop $eight
        (local.set $p (v128.load (local.get $column)))
        (local.set $a (i32x4.add (local.get $a) (i32x4.dot_i16x8_s (local.get $p) (v128.load8x8_s (local.get $at)))))
        (local.set $b (i32x4.add (local.get $b) (i32x4.dot_i16x8_s (local.get $p) (v128.load8x8_s (local.get $row1)))))
        (local.set $c (i32x4.add (local.get $c) (i32x4.dot_i16x8_s (local.get $p) (v128.load8x8_s (local.get $row2)))))
        (local.set $d (i32x4.add (local.get $d) (i32x4.dot_i16x8_s (local.get $p) (v128.load8x8_s (local.get $row3)))))
        (local.set $p (v128.load offset=16 (local.get $column)))
        (local.set $a (i32x4.add (local.get $a) (i32x4.dot_i16x8_s (local.get $p) (v128.load8x8_s offset=8 (local.get $at)))))
        (local.set $b (i32x4.add (local.get $b) (i32x4.dot_i16x8_s (local.get $p) (v128.load8x8_s offset=8 (local.get $row1)))))
        (local.set $c (i32x4.add (local.get $c) (i32x4.dot_i16x8_s (local.get $p) (v128.load8x8_s offset=8 (local.get $row2)))))
        (local.set $d (i32x4.add (local.get $d) (i32x4.dot_i16x8_s (local.get $p) (v128.load8x8_s offset=8 (local.get $row3)))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (local.set $row1 (i32.add (local.get $row1) (i32.const 16)))
        (local.set $row2 (i32.add (local.get $row2) (i32.const 16)))
        (local.set $row3 (i32.add (local.get $row3) (i32.const 16)))
        (local.set $column (i32.add (local.get $column) (i32.const 32)))
        (br_if $eight (i32.lt_u (local.get $column) (local.get $columns))))
      (local.set $at (i32.add (local.get $at) (local.get $skip)))
      ;; Sums across the lanes of each accumulator, one row per lane of $upper.
      (local.set $a (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $a) (local.get $b))
        (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $a) (local.get $b))))
      (local.set $c (i32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $c) (local.get $d))
        (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $c) (local.get $d))))
      (local.set $reach (f32x4.add (v128.load offset=16 (local.get $bounds)) (f32x4.splat (local.get $slack))))
      (local.set $upper (f32x4.add (local.get $reach) (f32x4.mul
        (f32x4.mul (f32x4.splat (local.get $step)) (v128.load (local.get $bounds)))
        (f32x4.convert_i32x4_s (i32x4.add
          (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $a) (local.get $c))
          (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $a) (local.get $c)))))))
      (local.set $bounds (i32.add (local.get $bounds) (i32.const 32)))
      (if (v128.any_true (f32x4.ge (local.get $upper) (v128.load32_splat (local.get $last))))
        (then
          ;; The lower bound lies two reaches below the upper one.
          (local.set $reach (f32x4.sub (local.get $upper) (f32x4.add (local.get $reach) (local.get $reach))))
          (if (f32.ge (f32x4.extract_lane 0 (local.get $upper)) (f32.load (local.get $last)))
            (then (local.set $end (call $note (local.get $row)
              (f32x4.extract_lane 0 (local.get $upper)) (f32x4.extract_lane 0 (local.get $reach))
              (local.get $best) (local.get $last) (local.get $end)))))
          (if (i32.and (i32.lt_u (i32.add (local.get $row) (i32.const 1)) (local.get $count))
              (f32.ge (f32x4.extract_lane 1 (local.get $upper)) (f32.load (local.get $last))))
            (then (local.set $end (call $note (i32.add (local.get $row) (i32.const 1))
              (f32x4.extract_lane 1 (local.get $upper)) (f32x4.extract_lane 1 (local.get $reach))
              (local.get $best) (local.get $last) (local.get $end)))))
          (if (i32.and (i32.lt_u (i32.add (local.get $row) (i32.const 2)) (local.get $count))
              (f32.ge (f32x4.extract_lane 2 (local.get $upper)) (f32.load (local.get $last))))
            (then (local.set $end (call $note (i32.add (local.get $row) (i32.const 2))
              (f32x4.extract_lane 2 (local.get $upper)) (f32x4.extract_lane 2 (local.get $reach))
              (local.get $best) (local.get $last) (local.get $end)))))
          (if (i32.and (i32.lt_u (i32.add (local.get $row) (i32.const 3)) (local.get $count))
              (f32.ge (f32x4.extract_lane 3 (local.get $upper)) (f32.load (local.get $last))))
            (then (local.set $end (call $note (i32.add (local.get $row) (i32.const 3))
              (f32x4.extract_lane 3 (local.get $upper)) (f32x4.extract_lane 3 (local.get $reach))
              (local.get $best) (local.get $last) (local.get $end)))))))
      (local.set $row (i32.add (local.get $row) (i32.const 4)))
      (br_if $four (i32.lt_u (local.get $row) (local.get $count))))
    (i32.shr_u (i32.sub (local.get $end) (local.get $found)) (i32.const 3)))
)
