/** What happened out there, to be held against what the database knows. */
export interface Told {
  readonly alarms: string[];
  /** Stops where nobody answered. */
  readonly shutDoors: Set<string>;
  readonly events: Record<'absentCrews' | 'breakdowns' | 'deadZones' | 'doubleSends' | 'wrongAddresses' | 'cures' | 'kills' | 'wipes' | 'lateRecords', number>;
}
