/** Who leads. */
export const boards = {
  title: 'Leaderboards',
  one: 'Leaderboard',
  period: 'Period',
  daily: 'Today',
  weekly: 'This week',
  all: 'All time',
  unread: 'The leaderboard cannot be read right now. Trying again …',
  empty: 'Nobody has played yet. The first place is free.',
  you: 'you',
  more: 'The whole board',
} as const
