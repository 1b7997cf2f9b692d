import type { QueryClient, QueryKey } from '@tanstack/react-query'

/**
 * Reads anew what is shown of these queries (of all without a key), for something has changed. `invalidateQueries` alone would be content with a first
 * answer that is still under way, and that may have been given before the change.
 */
export async function readAnew(queries: QueryClient, queryKey: QueryKey = []): Promise<void> {
  await queries.cancelQueries({ queryKey })
  await queries.invalidateQueries({ queryKey })
}
