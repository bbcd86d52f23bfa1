/** Ana S•••: enough to recognise a customer, too little to identify a stranger. */
export function maskedName(name: string): string {
  const [first = '', ...others] = name.trim().split(/\s+/);
  const last = others.at(-1);
  return last === undefined ? `${[...first][0] ?? ''}•••` : `${first} ${[...last][0] ?? ''}•••`;
}

/** a•••@example.com */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  if (at < 1) return '•••';
  return `${[...email][0] ?? ''}•••${email.slice(at)}`;
}
