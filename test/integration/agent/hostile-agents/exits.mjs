// Exits at once, with a word on stderr.
console.error('\u001b[31mfatal:\u001b[0m no licence');
process.exit(7);
