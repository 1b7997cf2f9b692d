import type { RunningPlatform } from '@meydan/conformance/platform'

/** The series of a process's metrics whose line begins so, each with its value. */
export async function seriesOf({ url }: RunningPlatform, beginning: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line.startsWith(beginning))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

/** What they add up to; 0 while there are none. */
export async function sumOf(platform: RunningPlatform, beginning: string): Promise<number> {
  return [...(await seriesOf(platform, beginning)).values()].reduce((sum, value) => sum + value, 0)
}
