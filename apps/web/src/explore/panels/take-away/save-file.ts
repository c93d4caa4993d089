/** Hands a file that was made on the page to the browser's downloads. */

/** @param content text as UTF-8, or a blob as it is */
export function saveFile(name: string, content: Blob | string): void {
  const blob = typeof content === 'string' ? new Blob([content], { type: mediaTypeOf(name) }) : content;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has begun by then; at once would be too early for some browsers.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function mediaTypeOf(name: string): string {
  if (name.endsWith('.svg')) return 'image/svg+xml';
  return name.endsWith('.csv') ? 'text/csv' : 'application/octet-stream';
}
