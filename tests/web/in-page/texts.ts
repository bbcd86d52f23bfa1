const ATTRIBUTES = ['title', 'aria-label', 'placeholder', 'alt', 'label'];
const UNREAD = 'script, style, template';

/** Every text of the document that a person reads or hears, each once. */
export function texts(): string[] {
  const found = new Set([document.title]);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node instanceof Element) {
      for (const name of ATTRIBUTES) found.add(node.getAttribute(name) ?? '');
    } else if (node.parentElement?.closest(UNREAD) === null) {
      found.add(node.textContent?.replaceAll(/\s+/g, ' ').trim() ?? '');
    }
  }
  found.delete('');
  return [...found];
}
