/** What aurora's approvals are signed for: a signature made for anything else is none. */
export const approvalNamespace = 'aurora-approval';
