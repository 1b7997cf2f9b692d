export const TYPES = 'coins=currency,gems=currency,xp=experience,chest=item,double-xp=booster:2,triple-xp=booster:3'
