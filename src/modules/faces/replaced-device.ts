/**
 * SQL condition: the device is there still. One whose browser's storage was cleared has lost its keys, its faces and its
 * allowance with it, and the same machine stands there under another id. Whoever sets a machine up says which one it was
 * before, and may be wrong: a device that has been seen since its successor was enrolled is counted.
 *
 * @param device how the query calls the row of `device`
 */
export const notReplaced = (device: string): string => (
  `(${device}.replaced_by IS NULL OR ${device}.last_seen_at > (SELECT successor.enrolled_at FROM device successor WHERE successor.id = ${device}.replaced_by))`
);
