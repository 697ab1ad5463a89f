import { z } from 'zod';

const day = z.iso.date();

/** PUT /api/v1/kitchen/weather: of one day, as reported or as it was; rainMm null takes it back. */
export const setWeatherRequest = z.strictObject({ day, rainMm: z.number().min(0).max(500).multipleOf(0.1).nullable(), highC: z.number().min(-20).max(50).multipleOf(0.1).nullable().default(null) });
export type SetWeatherRequest = z.infer<typeof setWeatherRequest>;
/** PUT /api/v1/kitchen/forecast-settings. `pensionDays`: days of the month; `portionG`: a set meal as it is thrown away, by which weighed waste becomes portions. */
export const setForecastSettingsRequest = z.strictObject({ pensionDays: z.array(z.int().min(1).max(31)).max(4), portionG: z.int().min(100).max(2000) });
export type SetForecastSettingsRequest = z.infer<typeof setForecastSettingsRequest>;
/** GET /api/v1/kitchen/forecast-inputs: the days around today with what is known of them, newest first. */
export const forecastInputsAnswer = z.object({
  pensionDays: z.array(z.int()), portionG: z.int(),
  days: z.array(z.object({ day, rainMm: z.number().nullable(), highC: z.number().nullable(), pension: z.boolean(), holiday: z.boolean(), makeUpWorkday: z.boolean(), setBy: z.string().nullable() })),
});
export type ForecastInputsAnswer = z.infer<typeof forecastInputsAnswer>;
