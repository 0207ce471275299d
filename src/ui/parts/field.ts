// What the input line's editor can be asked, whoever it speaks to.

/** For browsers without `field-sizing`. */
export function grow(field: HTMLTextAreaElement | null): void {
  if (field === null || CSS.supports('field-sizing', 'content')) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}

export function isFirstLine(field: HTMLTextAreaElement): boolean {
  return !field.value.slice(0, field.selectionStart).includes('\n');
}

export function isLastLine(field: HTMLTextAreaElement): boolean {
  return !field.value.slice(field.selectionEnd).includes('\n');
}

export function toLastChar(field: HTMLTextAreaElement): void {
  requestAnimationFrame(() => field.setSelectionRange(field.value.length, field.value.length));
}
