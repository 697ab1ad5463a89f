import { Module } from '@nestjs/common';
import { SitesModule } from '../sites/index.js';
import { BuildTemplate } from './build-template.js';
import { ConfirmGallery } from './confirm-gallery.js';
import { CalibrateRates } from './calibrate-rates.js';
import { ChangeFaceModels } from './change-face-models.js';
import { FaceModelsController } from './face-models.controller.js';
import { FaceModels } from './face-models.js';
import { FaceModelsQuery } from './face-models.query.js';
import { RiskChoicesQuery } from './risk-choices.query.js';
import { FaceStore } from './face-store.js';
import { FormerFaceTerm } from './former-face-term.js';
import { FormerFaces } from './former-faces.js';
import { GalleryChanges } from './gallery-changes.js';
import { GalleryKeyBook } from './gallery-key-book.js';
import { GalleryKeysController } from './gallery-keys.controller.js';
import { GalleryKeysQuery } from './gallery-keys.query.js';
import { GalleryQuery } from './gallery.query.js';
import { HandOverKey } from './hand-over-key.js';
import { KeyCopies } from './key-copies.js';
import { KioskGalleryKeysController } from './kiosk-gallery-keys.controller.js';
import { KioskGalleryController } from './kiosk-gallery.controller.js';
import { KioskReceiptsQuery } from './kiosk-receipts.query.js';
import { MakeGalleryKey } from './make-gallery-key.js';
import { ManageGalleryKeys } from './manage-gallery-keys.js';
import { NoteFaceRefusals } from './note-face-refusals.js';
import { NoteImpostors } from './note-impostors.js';
import { ProbeLog } from './probe-log.js';
import { RecognitionSettings } from './recognition-settings.js';
import { ResealTemplates } from './reseal-templates.js';
import { RoamingTickets } from './roaming-tickets.js';
import { SightingContextQuery } from './sighting-context.query.js';
import { TemplateVault } from './template-vault.js';
import { VerifyProbe } from './verify-probe.js';

/** The face store: templates by person code, apart from who the person is, and what the kiosks hold of them. */
@Module({
  imports: [SitesModule],
  controllers: [FaceModelsController, GalleryKeysController, KioskGalleryController, KioskGalleryKeysController],
  providers: [
    BuildTemplate, RiskChoicesQuery, CalibrateRates, ChangeFaceModels, ConfirmGallery, FaceModels, FaceModelsQuery, FaceStore, FormerFaceTerm, FormerFaces, GalleryChanges, GalleryKeyBook, GalleryKeysQuery, GalleryQuery, HandOverKey, KeyCopies,
    KioskReceiptsQuery, MakeGalleryKey, ManageGalleryKeys, NoteFaceRefusals, NoteImpostors, ProbeLog, RecognitionSettings, ResealTemplates, RoamingTickets, SightingContextQuery, TemplateVault, VerifyProbe,
  ],
  exports: [BuildTemplate, CalibrateRates, FaceModels, FaceStore, FormerFaceTerm, FormerFaces, GalleryKeyBook, KioskReceiptsQuery, NoteFaceRefusals, RecognitionSettings, RoamingTickets, VerifyProbe],
})
export class FacesModule {}
