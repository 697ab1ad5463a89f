/**
 * Boxes that crews took from a kitchen itself, by day: they are in no point's portions. A box holds one portion of each
 * dish, so a trip took as many of a set meal as of its dish that went most often. Asks for the kitchen and the first day.
 */
export const BOXES_FROM_KITCHEN_SQL = `SELECT c.day, SUM(c.boxes) AS boxes FROM
  (SELECT d.day, MAX(d.portions) AS boxes FROM
    (SELECT b.business_day AS day, x.route_trip_id AS tripId, x.set_meal_id AS setMealId, b.dish_id AS dishId, SUM(x.portions) AS portions
     FROM kitchen_batch b JOIN trip_batch x ON x.batch_id = b.id WHERE b.kitchen_id = ? AND b.business_day >= ? GROUP BY b.business_day, x.route_trip_id, x.set_meal_id, b.dish_id) d
   GROUP BY d.day, d.tripId, d.setMealId) c GROUP BY c.day`;
