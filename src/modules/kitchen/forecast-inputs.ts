import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ForecastInputsAnswer, SetForecastSettingsRequest, SetWeatherRequest } from '../../contract/forecast-inputs.js';
import type { ForecastCalendar } from '../../domain/forecast/index.js';
import { addDays, type BusinessDay, daysBetween } from '../../domain/kernel/business-day.js';
import { DomainError } from '../../domain/kernel/domain-error.js';
import { Clock } from '../../infra/clock/clock.js';
import { parseJson } from '../../infra/database/columns.js';
import { UnitOfWork } from '../../infra/database/unit-of-work.js';
import type { StaffIdentity } from '../../infra/http/request-context.js';
import { AuditTrail } from '../audit/index.js';
import { KitchenScope } from '../sites/index.js';
import { HolidayCalendar } from './holiday-calendar.js';

/** What a set meal weighs, until a kitchen has weighed its own. */
const DEFAULT_PORTION_G = 550;
const SHOWN_BACK_DAYS = 14;
const SHOWN_AHEAD_DAYS = 7;
/** Weather further back teaches nothing that the forecast still reads. */
const KNOWN_BACK_DAYS = 400;

interface WeatherRow { day: BusinessDay; rainMm: string; highC: string | null; setBy: string | null }

/** What people tell the forecast: rain and heat of a day, the days on which pensions are paid, and what a portion weighs. */
@Injectable()
export class ForecastInputs {
  constructor(
    private readonly dataSource: DataSource, private readonly unitOfWork: UnitOfWork, private readonly scope: KitchenScope, private readonly holidays: HolidayCalendar, private readonly audit: AuditTrail, private readonly clock: Clock,
  ) {}

  async settings(kitchenId: string): Promise<{ pensionDays: readonly number[]; portionG: number }> {
    const [row] = await this.dataSource.query<{ pensionDays: unknown; portionG: number }[]>('SELECT pension_days AS pensionDays, portion_g AS portionG FROM forecast_setting WHERE kitchen_id = ?', [kitchenId]);
    return row === undefined ? { pensionDays: [], portionG: DEFAULT_PORTION_G } : { pensionDays: parseJson<number[]>(row.pensionDays), portionG: row.portionG };
  }

  /** Everything known beforehand of the days from `from` to `to`. */
  async calendar(kitchenId: string, from: BusinessDay, to: BusinessDay): Promise<ForecastCalendar> {
    const [{ pensionDays }, weather] = await Promise.all([this.settings(kitchenId), this.weather(kitchenId, from, to)]);
    return {
      holidays: this.holidays.between(from, to), makeUpWorkdays: this.holidays.makeUpWorkdays(from, to), pensionDays: paydays(pensionDays, from, to),
      rainMm: new Map(weather.map(({ day, rainMm }) => [day, Number(rainMm)])),
      highC: new Map(weather.flatMap(({ day, highC }) => (highC === null ? [] : [[day, Number(highC)] as const]))),
    };
  }

  async show(staff: StaffIdentity): Promise<ForecastInputsAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    const [from, to] = [addDays(this.clock.today(), -SHOWN_BACK_DAYS), addDays(this.clock.today(), SHOWN_AHEAD_DAYS)];
    const [settings, weather] = await Promise.all([this.settings(kitchen.id), this.weather(kitchen.id, from, to)]);
    const [holidays, makeUp, pension] = [this.holidays.between(from, to), this.holidays.makeUpWorkdays(from, to), paydays(settings.pensionDays, from, to)];
    const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => addDays(to, -index));
    return {
      pensionDays: [...settings.pensionDays], portionG: settings.portionG,
      days: days.map((day) => {
        const known = weather.find((one) => one.day === day);
        return {
          day, rainMm: known === undefined ? null : Number(known.rainMm), highC: known?.highC == null ? null : Number(known.highC),
          pension: pension.has(day), holiday: holidays.has(day), makeUpWorkday: makeUp.has(day), setBy: known?.setBy ?? null,
        };
      }),
    };
  }

  /** @throws DomainError KITCHEN.WEATHER_DAY for a day too far back or ahead */
  async setWeather({ day, rainMm, highC }: SetWeatherRequest, staff: StaffIdentity): Promise<ForecastInputsAnswer> {
    const ahead = daysBetween(this.clock.today(), day as BusinessDay);
    if (ahead > SHOWN_AHEAD_DAYS || ahead < -KNOWN_BACK_DAYS) throw new DomainError('KITCHEN.WEATHER_DAY', 'refused', { day });
    const kitchen = await this.scope.kitchenOf(staff);
    await this.unitOfWork.run(async (tx) => {
      if (rainMm === null) await tx.query('DELETE FROM day_weather WHERE kitchen_id = ? AND business_day = ?', [kitchen.id, day]);
      else {
        await tx.query(
          `INSERT INTO day_weather (kitchen_id, business_day, rain_mm, high_c, set_by, set_at) VALUES (?)
           ON DUPLICATE KEY UPDATE rain_mm = VALUES(rain_mm), high_c = VALUES(high_c), set_by = VALUES(set_by), set_at = VALUES(set_at)`, [[kitchen.id, day, rainMm, highC, staff.staffId, this.clock.now()]]);
      }
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'weather.noted', objectKind: 'kitchen', objectId: kitchen.id, outcome: 'done', detail: { day, rainMm, highC } }, tx);
    });
    return this.show(staff);
  }

  async setSettings({ pensionDays, portionG }: SetForecastSettingsRequest, staff: StaffIdentity): Promise<ForecastInputsAnswer> {
    const kitchen = await this.scope.kitchenOf(staff);
    await this.unitOfWork.run(async (tx) => {
      await tx.query(
        `INSERT INTO forecast_setting (kitchen_id, pension_days, portion_g, set_by, set_at) VALUES (?)
         ON DUPLICATE KEY UPDATE pension_days = VALUES(pension_days), portion_g = VALUES(portion_g), set_by = VALUES(set_by), set_at = VALUES(set_at)`,
        [[kitchen.id, JSON.stringify([...new Set(pensionDays)].sort((a, b) => a - b)), portionG, staff.staffId, this.clock.now()]]);
      await this.audit.record({ actorKind: 'staff', actorId: staff.staffId, action: 'forecast-settings.set', objectKind: 'kitchen', objectId: kitchen.id, outcome: 'done', detail: { pensionDays: pensionDays.join(' '), portionG } }, tx);
    });
    return this.show(staff);
  }

  private weather(kitchenId: string, from: BusinessDay, to: BusinessDay): Promise<WeatherRow[]> {
    return this.dataSource.query<WeatherRow[]>(
      `SELECT w.business_day AS day, w.rain_mm AS rainMm, w.high_c AS highC, s.display_name AS setBy FROM day_weather w LEFT JOIN staff s ON s.id = w.set_by
       WHERE w.kitchen_id = ? AND w.business_day BETWEEN ? AND ? ORDER BY w.business_day`, [kitchenId, from, to]);
  }
}

/** The days between whose number in the month is one of `ofMonth`. */
function paydays(ofMonth: readonly number[], from: BusinessDay, to: BusinessDay): ReadonlySet<BusinessDay> {
  const days = new Set<BusinessDay>();
  if (ofMonth.length === 0) return days;
  for (let day = from; day <= to; day = addDays(day, 1)) if (ofMonth.includes(Number(day.slice(-2)))) days.add(day);
  return days;
}
