/**
 * SQL of the person a record stands for: the record it was merged into, two steps at most, as claims count people.
 * Needs {@link mergesOf} the same record among the joins.
 *
 * @param record the SQL of the record's id, such as `m.senior_id`
 */
export const personOf = (record: string): string => `COALESCE(merged_again.into_senior_id, merged.into_senior_id, ${record})`;

/** The joins that {@link personOf} reads. */
export const mergesOf = (record: string): string =>
  `LEFT JOIN person_merge merged ON merged.senior_id = ${record} LEFT JOIN person_merge merged_again ON merged_again.senior_id = merged.into_senior_id`;
