export { findBuild, listBuilds } from './find-build.ts';
export { type PackOptions, packBuild, type StoredBuild } from './pack-build.ts';
export { verifyBuild } from './verify-build.ts';
