/** Ids are UUIDv7 strings, made in infra (domain has no randomness), branded per aggregate so they cannot be mixed up. */
type Id<Name extends string> = string & { readonly __id: Name };

export type SeniorId = Id<'senior'>;
export type PersonCode = Id<'person-code'>;
export type PointId = Id<'point'>;
export type KitchenId = Id<'kitchen'>;
export type OperatorId = Id<'operator'>;
export type StaffId = Id<'staff'>;
export type DeviceId = Id<'device'>;
export type AccountId = Id<'account'>;
export type TransferId = Id<'transfer'>;
export type MealId = Id<'meal'>;
export type SetMealId = Id<'set-meal'>;
export type PolicyVersionId = Id<'policy-version'>;
