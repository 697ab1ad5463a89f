export { OperatorsModule } from './operators.module.js';
export { OperatorContracts } from './operator-contracts.js';
export { PaperWarnings } from './paper-warnings.js';
