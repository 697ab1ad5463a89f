import { Module } from '@nestjs/common';
import { BuildTemplate } from './build-template.js';
import { ConfirmGallery } from './confirm-gallery.js';
import { FaceModels } from './face-models.js';
import { FaceStore } from './face-store.js';
import { GalleryChanges } from './gallery-changes.js';
import { GalleryQuery } from './gallery.query.js';
import { KioskGalleryController } from './kiosk-gallery.controller.js';
import { KioskReceiptsQuery } from './kiosk-receipts.query.js';
import { ProbeLog } from './probe-log.js';
import { RecognitionSettings } from './recognition-settings.js';
import { RoamingTickets } from './roaming-tickets.js';
import { SightingContextQuery } from './sighting-context.query.js';
import { TemplateVault } from './template-vault.js';
import { VerifyProbe } from './verify-probe.js';

/** The face store: templates by person code, apart from who the person is, and what the kiosks hold of them. */
@Module({
  controllers: [KioskGalleryController],
  providers: [
    BuildTemplate, ConfirmGallery, FaceModels, FaceStore, GalleryChanges, GalleryQuery, KioskReceiptsQuery, ProbeLog, RecognitionSettings,
    RoamingTickets, SightingContextQuery, TemplateVault, VerifyProbe,
  ],
  exports: [BuildTemplate, FaceStore, KioskReceiptsQuery, RecognitionSettings, RoamingTickets, VerifyProbe],
})
export class FacesModule {}
