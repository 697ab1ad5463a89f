/** Whose list it is: the street's (communityId null), or one community's. */
export interface ListPlace {
  readonly streetId: string;
  readonly communityId: string | null;
}
