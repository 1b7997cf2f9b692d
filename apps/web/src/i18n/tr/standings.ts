import type { Translated } from '../texts.ts'

export const standings: Translated<'standings'> = {
  title: 'Sıralamalar',
  game: 'Oyun',
  period: 'Dönem',
  'period-daily': 'Bugün',
  'period-weekly': 'Bu hafta',
  'period-all': 'Tüm zamanlar',
  view: 'Görünüm',
  top: 'İlk {{count}}',
  around: 'Benim çevrem',
  rank: 'Sıra',
  player: 'Oyuncu',
  score: 'Puan',
  caption: '{{game}}: {{period}}',
  none: 'Henüz kimse oynamadı. Birincilik seni bekliyor.',
  notOn: 'Henüz bu sıralamada değilsin.',
  notOnText: 'Bu dönemde bir maç bitir, yerin burada olsun.',
  play: 'Oyna',
  anew: '{{when}} sıfırlanır',
}
