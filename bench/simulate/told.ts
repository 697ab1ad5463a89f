/** What happened out there, to be held against what the database knows. */
export interface Told {
  readonly alarms: string[];
  /** Stops where nobody answered. */
  readonly shutDoors: Set<string>;
  /** Stops where a meal was handed over, with the crew that did it. */
  readonly handedOver: Map<string, string>;
  readonly events: Record<'absentCrews' | 'breakdowns' | 'brokenSilently' | 'deadZones' | 'doubleSends' | 'wrongAddresses' | 'cures' | 'kills' | 'wipes' | 'lateRecords', number>;
}
