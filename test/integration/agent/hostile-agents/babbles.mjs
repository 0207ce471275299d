// Prints garbage: lines that are no messages, for ever.
let n = 0;
setInterval(() => {
  for (let i = 0; i < 50; i++) process.stdout.write(`{"jsonrpc": not a message ${n++}\n`);
}, 5);
