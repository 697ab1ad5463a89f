/** Wording of one error code. Where money is concerned the sentence first says whether money moved. */
export interface ErrorWords {
  readonly zh: string;
  readonly en: string;
}

export type ErrorCatalogue = Readonly<Record<string, ErrorWords>>;
