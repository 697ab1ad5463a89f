export class AccountEntity { id = ''; }
