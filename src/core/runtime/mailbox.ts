/** Handles messages one at a time. A message that is posted meanwhile waits. */
export function createMailbox<Message>(
  handle: (message: Message) => void,
  onEmpty: () => void,
): (message: Message) => void {
  const messages: Message[] = [];
  let isHandling = false;
  return (message) => {
    messages.push(message);
    if (isHandling) return;
    isHandling = true;
    for (let next = messages.shift(); next !== undefined; next = messages.shift()) handle(next);
    isHandling = false;
    onEmpty();
  };
}
