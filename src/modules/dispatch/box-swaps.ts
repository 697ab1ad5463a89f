/**
 * SQL of the set meal's code that lies in the box of a stop since the crew swapped it; NULL where nobody did.
 *
 * @param stopId the SQL of the stop's id, such as `s.id`
 */
export const swappedTo = (stopId: string): string => `(SELECT w.got_set_code FROM box_swap w WHERE w.route_stop_id = ${stopId} ORDER BY w.recorded_at DESC, w.id DESC LIMIT 1)`;
