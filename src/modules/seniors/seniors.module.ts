import { Module } from '@nestjs/common';
import { AccessModule } from '../access/index.js';
import { FacesModule } from '../faces/index.js';
import { LedgerModule } from '../ledger/index.js';
import { NoticesModule } from '../notices/index.js';
import { ChangeCards } from './change-cards.js';
import { ChangeConsents } from './change-consents.js';
import { ChangeContacts } from './change-contacts.js';
import { ChangeSeniorStatus } from './change-senior-status.js';
import { ConsentsController } from './consents.controller.js';
import { ConfirmFace } from './confirm-face.js';
import { CreateSenior } from './create-senior.js';
import { DecideSpecialSenior } from './decide-special-senior.js';
import { DemoFacesController } from './demo-faces.controller.js';
import { EnrolDemoFace } from './enrol-demo-face.js';
import { EditSenior } from './edit-senior.js';
import { EndRegistration } from './end-registration.js';
import { EndFaceUse } from './end-face-use.js';
import { EnrolFace } from './enrol-face.js';
import { ExportSeniors } from './export-seniors.js';
import { FaceConsents } from './face-consents.js';
import { FaceStateQuery } from './face-state.query.js';
import { IdentityColumns } from './identity-columns.js';
import { KioskRoamingController } from './kiosk-roaming.controller.js';
import { PersonMerges } from './person-merges.js';
import { RecordCategory } from './record-category.js';
import { RestoreFace } from './restore-face.js';
import { RevealNumber } from './reveal-number.js';
import { SeniorDetailQuery } from './senior-detail.query.js';
import { SeniorDirectory } from './senior-directory.js';
import { SeniorHomes } from './senior-homes.js';
import { SeniorHistoryQuery } from './senior-history.query.js';
import { SeniorListQuery } from './senior-list.query.js';
import { SeniorParticularsController } from './senior-particulars.controller.js';
import { SeniorPins } from './senior-pins.js';
import { SeniorPlacesQuery } from './senior-places.query.js';
import { SeniorQueries } from './senior-queries.js';
import { SeniorRecords } from './senior-records.js';
import { SeniorsController } from './seniors.controller.js';
import { SeniorWalletQuery } from './senior-wallet.query.js';
import { SeniorStays } from './senior-stays.js';
import { SpecialSeniorReminders } from './special-senior-reminders.js';
import { SetDiets } from './set-diets.js';
import { SpecialSeniorListQuery } from './special-senior-list.query.js';
import { SpecialSeniorsController } from './special-seniors.controller.js';
import { VerifyRoamingSenior } from './verify-roaming-senior.js';

/** The register of seniors, their consents and what they are entitled to. */
@Module({
  imports: [AccessModule, FacesModule, LedgerModule, NoticesModule],
  controllers: [SeniorsController, SeniorParticularsController, ConsentsController, DemoFacesController, SpecialSeniorsController, KioskRoamingController],
  providers: [
    ChangeCards, ChangeConsents, ChangeContacts, ChangeSeniorStatus, ConfirmFace, CreateSenior, DecideSpecialSenior, EditSenior, EndFaceUse, EndRegistration, EnrolDemoFace,
    EnrolFace, ExportSeniors, FaceConsents, FaceStateQuery, IdentityColumns, PersonMerges, RecordCategory, RestoreFace, RevealNumber, SeniorDetailQuery, SeniorDirectory,
    SeniorHistoryQuery, SeniorHomes, SeniorListQuery, SeniorPins, SeniorPlacesQuery, SeniorQueries, SeniorRecords, SeniorStays, SeniorWalletQuery, SetDiets, SpecialSeniorListQuery,
    SpecialSeniorReminders,
    VerifyRoamingSenior,
  ],
  exports: [SeniorDirectory, SeniorHomes, SeniorPins, SeniorRecords, SeniorStays, PersonMerges, EndRegistration, EndFaceUse, RecordCategory, EditSenior],
})
export class SeniorsModule {}
