/**
 * SQL that is true while nothing has taken a transfer back.
 *
 * @param transferId the SQL of the transfer's id, such as `p.transfer_id`; true where it is NULL
 */
export const standing = (transferId: string): string => `NOT EXISTS (SELECT 1 FROM transfer back WHERE back.reverses_id = ${transferId})`;
