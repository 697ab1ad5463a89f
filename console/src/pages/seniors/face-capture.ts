import { onBeforeUnmount, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { modelComing, modelInUse, type FaceModels } from '../../../../src/contract/faces.js';
import { startDemoCamera, type DemoCamera } from '../../../../ui/demo-camera/index.js';
import { bundledEmbedder, embedderOf, encodeDescriptor, loadFaceEngine, type Embedder, type FaceEngine, type FaceHint } from '../../../../ui/face/index.js';
import { withFrame, type Capture, type Frame } from './captured-frames.js';

const FACE_ASSETS = `${import.meta.env.BASE_URL}face/`;
const FRAMES = 3;
/** A poorer frame spoils the template: the hints say what to change instead. */
const LEAST_QUALITY = 0.55;
const PAUSE_MS = 150;
/** Between kept frames, so that they differ a little. */
const APART_MS = 900;

export type CaptureHint = 'nobody' | 'several' | 'good' | Exclude<FaceHint, null>;
export type CaptureState = 'loading' | 'no-camera' | 'failed' | 'looking' | 'ready';

export interface FaceCapture {
  readonly state: Ref<CaptureState>;
  readonly hint: Ref<CaptureHint>;
  readonly frames: ShallowRef<readonly Frame[]>;
  /** By each model that people are captured with: the one in use and, where there is one, the one that is coming. */
  readonly captures: ShallowRef<readonly Capture[]>;
  /** Before `start`; null: the bundled one alone. */
  readonly useModels: (models: FaceModels | null) => void;
  readonly demo: ShallowRef<DemoCamera | null>;
  /** @param drawn use the drawn camera of the demonstration */
  readonly start: (video: HTMLVideoElement, drawn: boolean) => Promise<void>;
  readonly restart: () => void;
}

/** The camera of this desk, or the drawn one of the demonstration. @throws where there is none or it may not be used */
async function open(drawn: boolean): Promise<{ stream: MediaStream; demo: DemoCamera | null }> {
  if (!drawn) {
    const video = { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: 'user' };
    return { stream: await navigator.mediaDevices.getUserMedia({ audio: false, video }), demo: null };
  }
  const demo = await startDemoCamera(FACE_ASSETS);
  demo.pose('enrol');
  return { stream: demo.stream, demo };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => { window.setTimeout(resolve, ms); });

/** Takes three good frames of one person. Pictures stay in this tab; what leaves it are three rows of numbers. */
export function useFaceCapture(): FaceCapture {
  const state = ref<CaptureState>('loading');
  const hint = ref<CaptureHint>('nobody');
  const frames = shallowRef<readonly Frame[]>([]);
  const captures = shallowRef<readonly Capture[]>([]);
  const demo = shallowRef<DemoCamera | null>(null);
  let models: FaceModels | null = null;
  let coming: Embedder | null = null;
  let stream: MediaStream | null = null;
  let run = 0;

  async function look(engine: FaceEngine, video: HTMLVideoElement, mine: number): Promise<void> {
    let keptAtMs = -Infinity;
    while (run === mine && frames.value.length < FRAMES) {
      const view = await engine.describe(video).catch(() => null);
      if (run !== mine) return;
      if (view === null) hint.value = 'nobody';
      else if (view.rivals > 0) hint.value = 'several';
      else if (view.quality.value < LEAST_QUALITY) hint.value = view.quality.hint ?? 'still';
      else {
        hint.value = 'good';
        if (performance.now() - keptAtMs >= APART_MS) {
          keptAtMs = performance.now();
          const described: { modelId: string; descriptor: string | null }[] = [{ modelId: engine.modelId, descriptor: encodeDescriptor(view.descriptor) }];
          if (coming !== null) {
            const also = await engine.describeAs(coming);
            described.push({ modelId: coming.modelId, descriptor: also === null ? null : encodeDescriptor(also) });
          }
          captures.value = withFrame(captures.value, described, view.quality.value);
          frames.value = captures.value[0]?.frames ?? [];
        }
      }
      await pause(PAUSE_MS);
    }
    if (run === mine) state.value = 'ready';
  }

  function stop(): void {
    run += 1;
    demo.value?.stop();
    demo.value = null;
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
  }

  let resume: () => void = () => undefined;

  async function start(video: HTMLVideoElement, drawn: boolean): Promise<void> {
    stop();
    const mine = run;
    state.value = 'loading';
    frames.value = [];
    const opened = await open(drawn).catch(() => null);
    if (run !== mine) {
      // Another camera was chosen meanwhile: this one is not kept running.
      for (const track of opened?.stream.getTracks() ?? []) track.stop();
      return;
    }
    if (opened === null) {
      state.value = 'no-camera';
      return;
    }
    demo.value = opened.demo;
    stream = opened.stream;
    video.srcObject = stream;
    await video.play().catch(() => undefined);
    const engine = await loadFaceEngine(FACE_ASSETS, models === null ? null : embedderOf(modelInUse(models), FACE_ASSETS)).catch(() => null);
    const next = models === null ? null : modelComing(models);
    coming = next === null ? null : await (embedderOf(next, FACE_ASSETS) ?? bundledEmbedder(FACE_ASSETS)).catch(() => null);
    if (next !== null && coming === null) return void (state.value = 'failed');
    if (run !== mine) return;
    if (engine === null) {
      state.value = 'failed';
      return;
    }
    resume = () => {
      run += 1;
      frames.value = [];
      captures.value = [];
      state.value = 'looking';
      void look(engine, video, run);
    };
    resume();
  }

  onBeforeUnmount(stop);
  return { state, hint, frames, captures, useModels: (all) => { models = all; }, demo, start, restart: () => resume() };
}
