/** What happened out there, to be held against what the database knows. */
export interface Told {
  readonly alarms: string[];
  /** Stops where nobody answered. */
  readonly shutDoors: Set<string>;
  /** Stops where a meal was handed over, with the crew that did it. */
  readonly handedOver: Map<string, string>;
  /** Timers that stood in the queue with another time than the tables'. */
  readonly misset: string[];
  /** From the death of a worker at work until what was due was done. */
  longestRecoveryS: number;
  readonly events: Record<'absentCrews' | 'urgent' | 'urgentRefused' | 'breakdowns' | 'brokenSilently' | 'deadZones' | 'doubleSends' | 'wrongAddresses' | 'cures' | 'kills' | 'wipes' | 'lateRecords', number>;
}
