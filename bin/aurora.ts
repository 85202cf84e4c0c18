import manifest from '../package.json' with { type: 'json' };

const words = process.argv.slice(2);

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

if (words.length === 1 && (words[0] === '--version' || words[0] === '-v')) {
  // Answered before anything else is loaded: prompts and CI jobs ask it again and again.
  process.stdout.write(`${manifest.version}\n`);
} else {
  const { run } = await import('./run.ts');
  process.exitCode = await run(words, manifest.version);
}
