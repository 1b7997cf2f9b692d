import type { Translated } from '../texts.ts'

export const boards: Translated<'boards'> = {
  title: 'Sıralama',
  one: 'Sıralama',
  period: 'Dönem',
  daily: 'Bugün',
  weekly: 'Bu hafta',
  all: 'Tüm zamanlar',
  unread: 'Sıralama şu an okunamıyor. Tekrar deneniyor …',
  empty: 'Henüz kimse oynamadı. Birincilik seni bekliyor.',
  you: 'sen',
  more: 'Tüm sıralama',
}
