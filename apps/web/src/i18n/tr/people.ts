import type { Translated } from '../texts.ts'

export const people: Translated<'people'> = {
  profile: 'Oyuncu',
  you: 'sen',
  bot: 'bot',
  online: 'Çevrimiçi',
  offline: 'Çevrimdışı',
  playedWith: 'Birlikte oynadıkların',
  alone: 'Bu sefer sadece botlar vardı.',
  since: '{{date}} tarihinden beri oynuyor',
  ratings: 'Dereceler',
  matches_one: '{{count}} maç',
  matches_other: '{{count}} maç',
  unrated: 'Henüz derecesi yok: ilk biten maçla gelir.',
  recent: 'Son maçlar',
  noMatches: 'Biten maçı yok.',
  unknown: 'Böyle bir oyuncu yok',
  unknownText: 'Bağlantı yanlış olabilir.',
  home: 'Başa dön',
  isYou: 'Diğer oyuncular seni böyle görüyor.',
  signedOut: 'Bu sayfayı görmek için bir kez oyna ya da giriş yap.',
  more: 'Daha fazla göster',
}
