// Who may import whom (docs/architecture.md). `npm run boundaries` runs it, and tools/verify/boundaries.test.ts proves that it reads something.
const testFiles = '(\\.test\\.ts$|\\.test-support\\.ts$|/tests/|/bench\\.ts$|/simulate\\.ts$)'
const packages = [
  'contracts',
  'kernel',
  'drivers',
  'realtime',
  'games',
  'gateway',
  'services',
  'sdk',
  'conformance',
  'apps',
  'bench',
]

/** Modules of `from` may import only the packages in `to`, besides their own. */
function only(from, to, path = `^${from}/`) {
  const allowed = [from.split('/')[0], ...to]
  const others = packages.filter((name) => !allowed.includes(name))
  return {
    name: `${from}-imports-only-${to.join('-') || 'itself'}`,
    severity: 'error',
    from: { path, pathNot: testFiles },
    to: { path: `^(${others.join('|')})/` },
  }
}

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('contracts', []),
    {
      name: 'contracts-know-zod-only',
      severity: 'error',
      from: { path: '^contracts/', pathNot: testFiles },
      to: { dependencyTypes: ['npm', 'core'], pathNot: 'node_modules/(zod|fast-check|vitest)/' },
    },
    only('kernel', ['contracts']),
    {
      name: 'kernel-knows-no-product',
      severity: 'error',
      from: { path: '^kernel/', pathNot: testFiles },
      to: { path: '^contracts/', pathNot: '^contracts/core/' },
    },
    only('drivers', ['kernel', 'contracts']),
    only('realtime', ['kernel', 'contracts']),
    only('games', ['contracts']),
    {
      name: 'games-are-pure',
      severity: 'error',
      from: { path: '^games/', pathNot: testFiles },
      to: { dependencyTypes: ['npm', 'core'] },
    },
    only('services', ['kernel', 'realtime', 'contracts', 'games']),
    {
      name: 'a-service-never-imports-another',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/([^/]+)/', pathNot: '^services/$1/' },
    },
    only('gateway', ['kernel', 'realtime', 'contracts']),
    only('sdk', ['contracts']),
    only('web', ['apps', 'sdk', 'contracts', 'games'], '^apps/(web|console|mobile)/'),
    {
      name: 'bench-measures-what-is-exported',
      severity: 'error',
      from: { path: '^bench/' },
      to: { path: `^(${packages.filter((name) => name !== 'bench').join('|')})/`, dependencyTypes: ['local'] },
    },
    {
      name: 'nobody-imports-the-platform',
      severity: 'error',
      from: { pathNot: '^(apps/platform|conformance|bench)/' },
      to: { path: '^apps/platform/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^apps/web/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // Beside TypeScript 7 the default parser reads nothing and passes; swc reads TypeScript by itself.
    parser: 'swc',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
}
