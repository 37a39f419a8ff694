import type { Random } from './random.js'

/** Names as they are borne in the north-west of England, by community; combined freely within one. */
interface Community {
  readonly weight: number
  readonly female: readonly string[]
  readonly male: readonly string[]
  readonly family: readonly string[]
}

const list = (text: string): readonly string[] => text.split(' ')

const COMMUNITIES = {
  english: {
    weight: 46,
    female: list(
      'Elizabeth Margaret Susan Catherine Victoria Charlotte Jessica Rebecca Hannah Laura Emma Sarah Rachel Amanda Deborah Christine Jacqueline Samantha Abigail Georgina Natalie Lucy Olivia Amelia Alice Dorothy Joan Patricia Jennifer Gemma Stephanie Zoë Chloë Harriet Philippa',
    ),
    male: list(
      'William Robert Richard Thomas James Michael Christopher Matthew Andrew Stephen Anthony Daniel Joseph Benjamin Samuel Edward Charles George Peter Paul Mark Simon Timothy Nicholas Gareth Kevin Darren Lee Craig Jason Ryan Liam Joshua Oliver Harry Alfred Frederick Douglas Leonard',
    ),
    family: list(
      'Smith Taylor Brown Wilson Johnson Walker Wright Thompson Robinson White Hughes Hall Green Wood Jackson Clarke Harrison Cooper Ward Turner Hill Baker Shaw Mitchell Barnes Fletcher Holt Entwistle Ashworth Ramsbottom Hargreaves Pemberton Molyneux Birchall Whitcombe Lockett Dutton Leigh Bostock Brereton Kettle Winstanley Rigby Fairhurst Halsall Sutcliffe Ogden Greenhalgh Tattersall Lomax Kay Smith-Jones Barton-Hughes',
    ),
  },
  welsh: {
    weight: 6,
    female: list('Siân Rhian Angharad Bethan Carys Ffion Gwenllian Nerys Lowri Megan Eleri Mair'),
    male: list('Rhys Gethin Dafydd Ieuan Huw Emyr Gwyn Owain Aled Dylan Iwan Geraint'),
    family: list(
      'Jones Williams Davies Evans Thomas Roberts Lewis Griffiths Morris Pritchard Parry Llewellyn Bevan ap-Rhys',
    ),
  },
  irish: {
    weight: 7,
    female: list('Siobhán Aoife Niamh Orla Bridget Maeve Caoimhe Sinéad Róisín Bernadette Colleen'),
    male: list('Seán Patrick Declan Cormac Eoin Brendan Ciarán Fergal Diarmuid Conor Padraig'),
    family: list(
      "O'Brien O'Neill Murphy Kelly Byrne Doyle Gallagher McCarthy Kavanagh Fitzgerald O'Connor McLoughlin Quinn D'Arcy",
    ),
  },
  scottish: {
    weight: 4,
    female: list('Morag Fiona Eilidh Kirsty Isla Catriona Shona Ailsa'),
    male: list('Angus Hamish Alasdair Callum Fraser Iain Struan Duncan'),
    family: list(
      'MacDonald Campbell Stewart McKenzie Murray Sinclair Buchanan Kerr Ó-Baoighill Farquharson',
    ),
  },
  pakistani: {
    weight: 9,
    female: list(
      'Ayesha Fatima Saima Nadia Rukhsana Shazia Zainab Khadija Bushra Samina Amina Iqra',
    ),
    male: list('Mohammed Muhammad Imran Asif Tariq Bilal Usman Faisal Hamza Kashif Waqas Zeeshan'),
    family: list('Khan Hussain Ahmed Ali Akhtar Iqbal Mahmood Malik Mirza Shah Begum Bibi'),
  },
  indian: {
    weight: 6,
    female: list('Priya Anjali Sunita Kavita Harpreet Manpreet Jasleen Deepa Meera Lakshmi Nisha'),
    male: list('Rajesh Sanjay Amit Harjit Gurpreet Manjit Vikram Anil Nikhil Arjun Balbir'),
    family: list(
      'Patel Singh Kaur Sharma Shah Desai Mistry Gill Dhillon Sandhu Iyer Nair Chowdhury',
    ),
  },
  bangladeshi: {
    weight: 3,
    female: list('Nasima Shirin Taslima Rokeya Farhana Sultana Momtaz'),
    male: list('Abdul Shahid Kamal Jahangir Rezaul Mizanur Faruk'),
    family: list('Rahman Uddin Miah Islam Hoque Khatun Chowdhury Begum'),
  },
  westAfrican: {
    weight: 5,
    female: list('Adaeze Ngozi Folasade Abena Ama Chiamaka Yetunde Efua Oluwaseun'),
    male: list('Chukwuemeka Oluwaseun Kwame Kofi Babatunde Emeka Ifeanyi Yaw Tunde'),
    family: list('Okafor Adeyemi Mensah Owusu Nwosu Balogun Asante Eze Boateng Olatunji'),
  },
  eastAfrican: {
    weight: 3,
    female: list('Hodan Amina Faduma Selam Hibaaq Mebrat Sagal'),
    male: list('Abdirahman Yusuf Dawit Mohamed Tesfaye Liban Bereket'),
    family: list('Warsame Abdi Farah Tesfay Haile Mohamud Gebremariam Jama'),
  },
  caribbean: {
    weight: 3,
    female: list('Shanice Marcia Beverley Tanisha Yvonne Keisha Sonia'),
    male: list('Leroy Delroy Winston Tyrone Marlon Jermaine Errol'),
    family: list('Campbell Francis Gordon Morgan Bailey Grant St.Clair Brathwaite'),
  },
  polish: {
    weight: 4,
    female: list('Agnieszka Małgorzata Katarzyna Zofia Ewa Joanna Bożena Kinga'),
    male: list('Paweł Łukasz Krzysztof Tomasz Piotr Marek Wojciech Jakub'),
    family: list('Nowak Kowalski Wiśniewska Wójcik Zieliński Lewandowska Dąbrowski Szymańska'),
  },
  romanian: {
    weight: 2,
    female: list('Ioana Andreea Mihaela Cristina Elena Ștefania'),
    male: list('Andrei Mihai Ștefan Bogdan Cătălin Florin'),
    family: list('Popescu Ionescu Dumitru Munteanu Țurcanu Stan'),
  },
  ukrainian: {
    weight: 1,
    female: list('Oksana Iryna Olena Nataliia Yuliia'),
    male: list('Oleksandr Andrii Dmytro Serhii Mykola'),
    family: list('Shevchenko Kovalenko Bondarenko Tkachenko Melnyk'),
  },
  chinese: {
    weight: 3,
    female: list('Mei Xiaoling Hui Jing Ying Lan Wai-Ling'),
    male: list('Wei Jun Ming Ho-Yin Chun Kwok-Wah Tian'),
    family: list('Chan Wong Li Zhang Lau Cheung Ng Wu'),
  },
  arab: {
    weight: 2,
    female: list('Layla Noor Rania Huda Yasmin Salma'),
    male: list('Omar Khalid Ahmad Youssef Karim Tarek'),
    family: list('al-Hassan Haddad Mansour Saleh Khoury El-Sayed'),
  },
  kurdishTurkish: {
    weight: 2,
    female: list('Ayşe Elif Şirin Zeynep Rojin Gülay'),
    male: list('Mehmet Barış Azad Emre Serhat Çetin'),
    family: list('Yılmaz Demir Kaya Öztürk Çelik Rashid'),
  },
  southernEuropean: {
    weight: 2,
    female: list('Maria Sofia Inês Lucía Eleni Giulia'),
    male: list('João Carlos Andreas Marco Miguel Nuno'),
    family: list('Silva Ferreira García Rossi Christodoulou da-Costa'),
  },
} satisfies Record<string, Community>

export type CommunityName = keyof typeof COMMUNITIES

const WEIGHTS: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(COMMUNITIES).map(([name, community]) => [name, community.weight]),
)
const BY_NAME: ReadonlyMap<string, Community> = new Map(Object.entries(COMMUNITIES))

/** A way of naming: the community whose names a household bears. */
export function drawCommunity(random: Random): Community {
  const found = BY_NAME.get(random.weighted(WEIGHTS))
  return found ?? COMMUNITIES.english
}
export type { Community }

export function givenName(
  random: Random,
  community: Community,
  sex: 'female' | 'male' | 'other',
): string {
  const from =
    sex === 'female'
      ? community.female
      : sex === 'male'
        ? community.male
        : [...community.female, ...community.male]
  return random.pick(from)
}

export const familyName = (random: Random, community: Community): string =>
  random.pick(community.family)

/** Short forms in common use; a name without one has none recorded. */
const NICKNAMES: ReadonlyMap<string, readonly string[]> = new Map(
  [
    'Elizabeth Liz Beth Lizzie',
    'Margaret Maggie Peggy Meg',
    'Susan Sue',
    'Catherine Kate Cath Cathy',
    'Victoria Vicky Tori',
    'Charlotte Charlie Lottie',
    'Jessica Jess',
    'Rebecca Becky Becca',
    'Amanda Mandy',
    'Deborah Debbie',
    'Christine Chris',
    'Jacqueline Jackie',
    'Samantha Sam',
    'Abigail Abby',
    'Georgina George Georgie',
    'Patricia Pat Trish',
    'Jennifer Jenny Jen',
    'Stephanie Steph',
    'Philippa Pippa',
    'Dorothy Dot',
    'William Bill Will Billy',
    'Robert Rob Bob',
    'Richard Rick Dick',
    'Thomas Tom',
    'James Jim Jamie',
    'Michael Mick Mike',
    'Christopher Chris',
    'Matthew Matt',
    'Andrew Andy',
    'Stephen Steve',
    'Anthony Tony',
    'Daniel Dan Danny',
    'Joseph Joe',
    'Benjamin Ben',
    'Samuel Sam',
    'Edward Ed Ted',
    'Charles Charlie',
    'Timothy Tim',
    'Nicholas Nick',
    'Frederick Fred',
    'Alfred Alf',
    'Patrick Paddy Pat',
    'Bernadette Bernie',
    'Mohammed Mo',
    'Muhammad Mo',
    'Katarzyna Kasia',
    'Małgorzata Gosia',
    'Agnieszka Aga',
    'Krzysztof Krzysiek',
    'Oluwaseun Seun',
    'Chukwuemeka Emeka',
    'Gurpreet Gopi',
    'Harpreet Harps',
    'Oleksandr Sasha',
    'Angharad Hari',
    'Dafydd Dai',
  ].map((line) => {
    const [name = '', ...short] = line.split(' ')
    return [name, short] as const
  }),
)

export function nicknameOf(random: Random, given: string): string | null {
  const short = NICKNAMES.get(given)
  return short === undefined ? null : random.pick(short)
}
