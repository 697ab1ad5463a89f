import type { Words } from './words.js';

/** The record of who did, saw or was denied what. */
export const auditWords = {
  'audit.title': { zh: '操作记录', en: 'Audit record' },
  'audit.todo': { zh: '谁在什么时候做了什么、被拒绝了什么', en: 'Who did what when, and what was denied' },
  'audit.from': { zh: '从', en: 'From' },
  'audit.to': { zh: '到', en: 'To' },
  'audit.at': { zh: '时间', en: 'Time' },
  'audit.actor': { zh: '谁', en: 'Who' },
  'audit.action': { zh: '做什么', en: 'Action' },
  'audit.object': { zh: '对象', en: 'Object' },
  'audit.objectId': { zh: '对象编号', en: 'Object id' },
  'audit.outcome': { zh: '结果', en: 'Outcome' },
  'audit.outcome.done': { zh: '完成', en: 'Done' },
  'audit.outcome.denied': { zh: '拒绝', en: 'Denied' },
  'audit.outcome.failed': { zh: '失败', en: 'Failed' },
  'audit.requestId': { zh: '请求编号', en: 'Request number' },
  'audit.detail': { zh: '细节', en: 'Detail' },
  'audit.actorKind.staff': { zh: '工作人员', en: 'Staff' },
  'audit.actorKind.device': { zh: '设备', en: 'Device' },
  'audit.actorKind.system': { zh: '系统', en: 'System' },
  'audit.actorKind.anonymous': { zh: '未登录', en: 'Not signed in' },
} as const satisfies Words;
