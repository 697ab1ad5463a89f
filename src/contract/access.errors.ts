/** Refusals of sign-in and staff administration. The wording never tells whether a login name exists. */
export const accessErrors = {
  'ACCESS.LOGIN_FAILED': { zh: '登录名或密码不对。忘记密码请找管理员重置。', en: 'Login name or password is wrong. If you forgot it, ask an administrator to reset it.' },
  'ACCESS.TOO_MANY_ATTEMPTS': { zh: '尝试太多次了，请稍等再试。', en: 'Too many attempts. Wait a moment and try again.' },
  'ACCESS.PASSWORD_MUST_CHANGE': { zh: '请先把临时密码换成自己的密码。', en: 'Replace the temporary password by your own first.' },
  'ACCESS.PASSWORD_TOO_EASY': { zh: '这个密码太容易猜到，请换一个。', en: 'This password is too easy to guess. Choose another.' },
  'ACCESS.CURRENT_PASSWORD_WRONG': { zh: '现在的密码不对。', en: 'The current password is wrong.' },
  'ACCESS.LOGIN_NAME_TAKEN': { zh: '这个登录名已有人用，请换一个。', en: 'This login name is taken. Choose another.' },
  'ACCESS.SCOPE_DOES_NOT_FIT': { zh: '这个岗位不能用这个范围。', en: 'This scope does not fit the role.' },
  'ACCESS.STAFF_NOT_FOUND': { zh: '没有找到这位工作人员。', en: 'This staff member was not found.' },
  'ACCESS.NOT_YOURSELF': { zh: '不能对自己的账号做这件事，请另一位管理员来做。', en: 'You cannot do this to your own account. Ask another administrator.' },
  'ACCESS.LAST_ADMINISTRATOR': { zh: '这是最后一位管理员，不能停用。', en: 'This is the last administrator and stays active.' },
  'ACCESS.FIRST_CODE_WRONG': { zh: '一次性代码不对、已用过或已过期。重新启动服务会给出新代码。', en: 'The one-time code is wrong, used or expired. Restarting the server prints a new one.' },
} as const;
