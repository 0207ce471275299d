// A few lines that are no messages, and then nothing.
process.stdout.write('Welcome!\n[1, 2, 3]\n');
process.stdin.resume();
