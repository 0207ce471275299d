// Says how it is used where messages belong, and exits.
console.log("unknown option '--acp'");
process.exit(2);
