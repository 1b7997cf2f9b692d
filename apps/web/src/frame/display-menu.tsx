import { useLanguage, useText } from '../i18n/i18n.ts'
import { chooseLanguage, LANGUAGE_CHOICES } from '../language.ts'
import { usePreference } from '../preferences.ts'
import { Icon } from '../ui/icon.tsx'
import { Menu, MenuChoices, MenuLine, MenuLink, MenuTitle } from '../ui/menu.tsx'

/** Language and look, for everybody, signed in or not. */
export function DisplayMenu() {
  const t = useText('frame')
  const language = useLanguage()
  const [theme, setTheme] = usePreference('theme')
  return (
    <Menu
      label={t('display')}
      testId="display"
      trigger={<Icon name="globe" className="size-6" />}
      triggerClass="grid size-11 place-items-center rounded-xl text-soft hover:text-ink"
    >
      <MenuTitle>{t('language')}</MenuTitle>
      <MenuChoices value={language} choices={LANGUAGE_CHOICES} onChoose={(chosen) => void chooseLanguage(chosen)} />
      <MenuLine />
      <MenuTitle>{t('theme')}</MenuTitle>
      <MenuChoices
        value={theme}
        choices={[
          { value: 'system', text: t('themeSystem') },
          { value: 'light', text: t('themeLight') },
          { value: 'dark', text: t('themeDark') },
        ]}
        onChoose={setTheme}
      />
      <MenuLine />
      <MenuLink to="/settings" icon="settings">
        {t('settings')}
      </MenuLink>
    </Menu>
  )
}
