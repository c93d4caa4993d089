#!/usr/bin/env node
// The command as npm installs it. It checks the engine before it loads anything that needs it.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`kindling: this is Node ${process.versions.node}; expected 20.19 or newer\n`);
  process.exitCode = 1;
} else {
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
}
