import { expect, it } from 'vitest'
import { RoomSearch } from './search.ts'

function searched(limit: number): { found: number; tried: number[] } {
  const search = new RoomSearch(100)
  const tried: number[] = []
  for (let rooms = search.next; rooms !== undefined; rooms = search.next) {
    tried.push(rooms)
    search.told(rooms, rooms <= limit)
  }
  return { found: search.clean, tried }
}

it('finds the largest clean number of rooms to within 8 %, in few steps', () => {
  for (const limit of [7, 40, 101, 133, 250, 333, 512]) {
    const { found, tried } = searched(limit)
    expect(found).toBeLessThanOrEqual(limit)
    expect(found).toBeGreaterThanOrEqual(limit - Math.max(5, limit * 0.09))
    expect(tried.length).toBeLessThan(9)
  }
})
