package prose

// classWords are the words of each class; they need not be in the vocabulary.
var classWords = map[class]string{
	isTitle: `dr drs profs mr mrs ms miss mx prof professor doctor sir madam mme mlle monsieur madame herr frau
		doktor dott dottore dra sr sra señor señora doctora docteur rev reverend capt sgt`,
	isMonth: `january february march april may june july august september october november december
		jan feb mar apr jun jul aug sep sept oct nov dec
		januar februar marz maerz mai juni juli oktober dezember janvier fevrier mars avril juin juillet aout
		septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre setiembre
		octubre noviembre diciembre`,
	isUnit: `mm cm dm m um nm mm2 cm2 m2 mm3 cm3 ms msec s sec secs second seconds min mins minute minutes h hr hrs hour hours
		d day days w wk wks week weeks mo mos month months y yr yrs yo year years
		v kv kvp mv uv kev mev ma mas mgy mgycm gy cgy gycm bq kbq mbq gbq mci uci hu t tesla hz khz mhz ghz
		ml l dl cc ul mg g kg ug mcg ng pg mmol umol iu u mmhg kpa bpm lb lbs in inch inches ft deg degree degrees fps rpm px
		pixel pixels slice slices image images frame frames view views vw vws lead leads phase phases fraction fractions
		x fold st nd rd th mo percent pct channel channels row rows bit bits part parts vessel vessels cell cells score
		millimeter millimeters millimetre millimetres centimeter centimeters centimetre centimetres ml milliliter milliliters gram grams`,
	isBigUnit: `mm mm2 mm3 cm2 cm3 um ms msec v kv hu x mgy mgycm cgy gycm bq kbq mbq gbq uv ml g mg kg ug mcg hz khz mhz
		image images frame frames slice slices pixel pixels px iu u cells bit bits rpm cc`,
	isYearUnit:  `y yr yrs yo year years jahre jahrige jahriger jahrigen ans anos jahr jahren birthday`,
	isNumberCue: `mrn id ids no nr num number accession acc ssn nhs npi patient pt subject subj case episode encounter visit order req requisition room rm bed ward bay floor suite apt apartment unit box chart file record report badge pager enc ext extension serial sn account acct policy insurance passport license licence hn pid uid dob zip postcode folder address icu nicu picu micu sicu ccu hdu pacu sub stat`,
	isPhoneCue:  `tel telephone phone fax mobile cell call pager enc ext extension ph contact telefon handy`,
	isAgeCue:    `age aged alter edad`,
	isSetting:   `ww wl te tr ti b fov esp bw tau matrix base window width level wl ww w l dlp`,
	isRankCue: `grade grades score scored scale stage power strength image images img slice series se segment segments seg level levels category
		rads birads pirads lirads ratio motor muscle type class quadrant quality apgar trimester gleason zone part view stations station lobes`,
	isHouse: `hospital hospitals clinic clinics clinica klinik klinikum krankenhaus infirmary hospice sanatorium polyclinic universitatsklinikum
		universitaetsklinikum universitatsspital spital hopital chu ospedale policlinico university universitat college school nhs trust
		associates llc inc ltd gmbh corp corporation practice surgery institute academy foundation department`,
	isCentre: `center centre centers centres health healthcare imaging radiology system group services partners`,
	isEpithet: `great general memorial city county royal saint st mount regional community central district medical national first second
		university children childrens womens women heart eye chest cancer north south east west northern southern eastern western
		holy good mercy sacred veterans affairs state federal public private international imaging radiology trauma health
		diagnostic teaching provincial municipal peoples military navy army union spring hill valley river lake park bay the of and
		baptist methodist presbyterian lutheran catholic adventist princess prince queen king orthopedic orthopaedic specialty our lady hope grace`,
	isStreet: `street road avenue lane drive boulevard place square court terrace crescent highway parkway close way st rd ave av ln dr blvd pl sq ct
		hwy pkwy strasse str weg platz allee gasse rue calle via straat route`,
	isEponym: `crohn hodgkin hodgkins parkinson parkinsons alzheimer alzheimers baker bakers meckel meckels cushing cushings addison graves hashimoto hashimotos
		paget pagets marfan marfans down downs turner turners wilson wilsons hirschsprung kawasaki takayasu wegener sjogren sjogrens behcet reynaud raynaud raynauds
		caldwell rosenberg simpson simpsons merchant hill sachs bankart colles smith jones barton galeazzi monteggia bennett bennetts lisfranc maisonneuve segond pott potts jefferson chance salter harris
		cobb bosniak kerley hounsfield schatzker gleason garden neer weber gustilo pfirrmann modic meyerding child pugh kellgren lawrence outerbridge fazekas fisher hunt hess
		scheuermann schmorl schmorls baastrup tarlov rathke rathkes dandy walker chiari arnold budd barrett barretts zenker zenkers bochdalek morgagni spigelian richter
		mallory weiss mirizzi murphy murphys mcburney morrison morison douglas glisson gerota haversian wharton virchow robin willis vater oddi
		osgood schlatter legg calve perthes charcot marie tooth sinding larsen johansson freiberg kohler sever kienbock preiser panner
		guillain barre lou gehrig bell bells horner horners ramsay huntington huntingtons creutzfeldt jakob wernicke korsakoff wallenberg sturge tourette
		ewing ewings wilms burkitt burkitts kaposi kaposis krukenberg warthin warthins bartholin gartner nabothian brodie pancoast hurthle
		dupuytren dupuytrens quervain morton mortons haglund hoffa achilles poupart cooper coopers hesselbach cloquet
		ebstein eisenmenger fallot fontan glenn norwood rastelli takotsubo brugada wolff white kerckring luschka magendie monro sylvius rolando
		sylvian rolandic eustachian fallopian purkinje doppler whipple billroth nissen hartmann roux kocher swan ganz foley jackson pratt luque harrington`,
	isEponymOf: `disease diseases syndrome syndromes sign signs cyst cysts fracture fractures lesion lesions deformity ligament ligaments classification grade grades score category
		line lines unit units angle lymphoma sarcoma tumor tumour tumors node nodes hernia diverticulum esophagus oesophagus palsy phenomenon triad pouch duct ducts
		ganglion nodule neuroma contracture arthropathy neuropathy anomaly malformation procedure criteria type stage tear capsule fascia
		triangle space fissure aqueduct foramen area canal tube tubes fibers fat pad fibrillation dementia chorea encephalopathy thyroiditis
		osteochondrosis arteritis vasculitis granulomatosis cleft anastomosis operation pattern scale b view views method biplane catheter catheters drain rod rods parkinson lungs ii iii iv joint effect ultrasound flow`,
	isBody: `head hand back bone bones heart chin knee shoulder foot arms hair palm skull brain leg lip neck spine chest breast lung nose eye cheek`,
	isParticle: `he can an you she me in on my men more many well go no so do wide even right left low high as at to
		both see say says all any past then free saved fell`,
	isPersonVerb: `reported reports presented presents stated states says said denies denied complains complained visited called requested saw
		reviewed agreed agrees wants asked told performed signed dictated approved confirmed overread recorded injected scanned typed`,
	isLabel: `pt patient name physician radiologist reporter technologist tech operator nurse referring ordering attending surgeon doctor
		consultant reader author signed dictated transcribed approved reviewed verified reported performed read interpreted approver cc attn dear regards resident fellow clinician provider
		technician initials boy girl family given surname forename firstname lastname patientname user username login signature pat`,
	isDomain:    `com org net edu gov mil int info cn de uk fr es jp us eu hk tw ch at nl it local lan internal html htm php aspx`,
	isSaint:     `st saint mount mt`,
	isLinking:   `the of and in to`,
	isDigitWord: `zero oh nought one two three four five six seven eight nine double triple`,
	isTenWord: `ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
		twenty thirty forty fifty sixty seventy eighty`,
	isBigWord: `ninety hundred thousand`,
	isOrdinal: `first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
		fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth`,
	isPerson: `patient pt he she man woman male female lady gentleman mother father grandmother grandfather`,
	isOf:     `of for de del der at zu fur`,
}
