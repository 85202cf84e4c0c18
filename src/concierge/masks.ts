/** A tracking number as customers may see it: `1Z***5678`. */
export function maskTracking(trackingNumber: string): string {
  if (trackingNumber.length <= 6) return '***';
  return `${trackingNumber.slice(0, 2)}***${trackingNumber.slice(-4)}`;
}

/** A phone number: `+1 (***) ***-7890`; of another country `***-7890`. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  if (digits.length < 7) return '***';
  const isForeign = /^(\+(?!1)|00)/.test(phone.trim());
  return `${isForeign ? '' : '+1 (***) '}***-${digits.slice(-4)}`;
}

/** An e-mail address: `t***@example.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`;
}
