import { computed, ref, shallowRef, type Ref } from 'vue';
import { embedderOf, loadFaceEngine, type FaceEngine } from '../../../ui/face/index.js';
import type { DemoCamera } from '../../../ui/demo-camera/index.js';
import { FaceIndex, NO_CONTEXT, type MotionSign, type TurnDirection, type UnitVector } from '../../../src/domain/identity/index.js';
import type { RecognitionSettings } from '../../../src/contract/faces.js';
import { MOST_QUOTES, type KioskHelpRequest, KioskTodayAnswer } from '../../../src/contract/kiosk.js';
import { FACE_ASSETS, openCamera, openDemoCamera, type Camera } from '../camera/camera.js';
import { Watcher, type CameraView, type Sighting, type SightingGround } from '../camera/watcher.js';
import { Gallery } from '../device/gallery.js';
import { unansweredPayment } from '../device/payments.js';
import { FaceRefusals } from '../device/face-refusals.js';
import * as server from '../device/server.js';
import { isLocked } from '../device/lock.js';
import { forgetDevice, setting, type DeviceSelf } from '../device/store.js';
import { untouchedMs } from '../sense/press.js';
import { attentionSound } from '../sense/sound.js';
import { captureDemoVisitor } from './demo-visitor.js';
import { followModel } from './follow-model.js';
import type { GateDesk } from './gate-desk.js';
import { KeyDesk } from './key-desk.js';
import { isNetwork, isOutOfOrder, OfflineDesk, personCodeOf } from './offline-desk.js';
import { refusedBy } from './refused-by.js';
import { restsOnFace } from './rests-on-face.js';
import { Resting } from './resting.js';
import { screenOfRefusal } from './screen-of-refusal.js';
import { firstScreen, SEARCHING, type Candidate, type PricedMeal, type Screen, type TrayMeal } from './screen.js';
import { mealsFor, QuotesAhead } from './quotes-ahead.js';
import { askAfterOld, payConfirmed, settleOpen } from './paying.js';
import { askOrWithout } from './or-without.js';
import { OneVisit } from './one-visit.js';
import { openOrders } from './ordering.js';
import { isOnTray } from './tray.js';
import { untilConfirmed } from './until-confirmed.js';
import { TurnDesk, type TurnEnd } from './turn-desk.js';
import { sent, type Weighing } from './weighing.js';

const POLL_MS = 20_000;
const IDLE_MS = 60_000;
/** Nobody has stood there for so long: what is on the glass may change by itself. */
const ALONE_MS = 5_000;
/** Until a camera that was not there is looked for again. */
const EYES_AGAIN_MS = 10_000;
/** So many prices are asked for at once; a server of before takes three. */
const mostMeals = (): number => (server.speaks(8) ? MOST_QUOTES : 3);
const TRIES_BEFORE_HELP = 2;
const NOTHING_KNOWN: SightingGround = { index: FaceIndex.of([]), context: NO_CONTEXT, settings: null };

/** The whole kiosk: what it knows, what it shows, and the few things a person can do. */
export class Kiosk {
  readonly screen: Ref<Screen> = shallowRef({ name: 'starting' });
  readonly view: Ref<CameraView> = ref('nobody');
  readonly today: Ref<KioskTodayAnswer | null> = shallowRef(null);
  readonly online = ref(true);
  private readonly visit = new OneVisit();
  readonly busy = this.visit.busy;
  readonly stream: Ref<MediaStream | null> = shallowRef(null);
  readonly demo: Ref<DemoCamera | null> = shallowRef(null);
  readonly demoAllowed = ref(false);
  readonly offers = computed(() => this.today.value?.offers ?? []);
  /** What the first of two people has chosen; they pay together. */
  readonly tray: Ref<TrayMeal | null> = shallowRef(null);
  /** An attendant has taken this machine out of use. */
  readonly locked = ref(false);
  private device: DeviceSelf | null = null;
  readonly offline: Ref<OfflineDesk | null> = shallowRef(null);
  gallery: Gallery | null = null;
  readonly keyDesk = new KeyDesk(() => this.gallery);
  private readonly refusals = new FaceRefusals(server.tellFaceRefusals);

  readonly turns = new TurnDesk((personCode) => this.refusals.note(personCode, server.serverNowMs()));
  watcher: Watcher | null = null;
  readonly resting = new Resting(this);
  private readonly ahead = new QuotesAhead();
  private unknownTries = 0;
  private polling = false;
  private eyes: { engine: FaceEngine; video: HTMLVideoElement } | null = null;

  /** @param gate where this machine stands beside the gate of a reserved zone; it then sells nothing */
  constructor(private readonly demoWanted: boolean, readonly weighing: Weighing, readonly gate: GateDesk | null = null) {}

  readonly askGate = server.askGate;

  show(screen: Screen): void {
    if (screen.name === 'is-it-you' && screen.candidate.asksPin !== true) this.ahead.ask(screen.candidate.claim, this.weighing.wanted(this.offers.value, mostMeals()));
    this.visit.shows(screen);
    this.screen.value = screen;
    if (screen.name === 'is-it-you' && !restsOnFace(screen.candidate.claim)) this.watcher?.forgetVisitor();
    this.watcher?.restart(SEARCHING.includes(screen.name) ? 'search' : 'presence');
  }

  /** Where this machine stands and whom to ring, also after a start without network. */
  place(): { readonly pointName: string; readonly pointPhone?: string } | null {
    return this.today.value ?? this.device;
  }

  /** ms since somebody was last in the picture; null where the kiosk has no camera. */
  emptyForMs(): number | null {
    return this.watcher === null ? null : performance.now() - this.watcher.lastSeenMs;
  }

  /** Nobody in front, nothing under way, nothing unsent: a moment in which the page may be replaced. */
  isIdle(): boolean {
    const empty = this.emptyForMs();
    return this.resting.isQuiet() && !this.busy.value && (this.offline.value?.unsent.value ?? 0) === 0 && (empty === null ? untouchedMs() > IDLE_MS : empty > IDLE_MS);
  }

  async start(): Promise<void> {
    this.show({ name: 'starting' });
    try {
      const mode = await server.askMode();
      this.demoAllowed.value = mode.demo;
      this.online.value = true;
    } catch {
      this.online.value = false;
      this.demoAllowed.value = await setting('demoAllowed') === 1;
    }
    this.device = await server.loadSelf();
    if (this.device !== null) return this.begin(this.device);
    if (this.demoWanted && this.demoAllowed.value) return this.enrolDemo(); // nobody has to type anything: the glass goes on starting
    this.show({ name: 'enrol', busy: false, refused: null, lost: server.formerDeviceId() !== null });
  }

  async enrol(code: string): Promise<void> {
    if (this.screen.value.name !== 'starting') this.show({ name: 'enrol', busy: true, refused: null });
    try {
      this.device = await server.enrol(code);
    } catch (reason) {
      return this.show({ name: 'enrol', busy: false, refused: refusedBy(reason) });
    }
    await this.begin(this.device);
  }

  async enrolDemo(): Promise<void> {
    try {
      await this.enrol(await server.askDemoCode());
    } catch (reason) {
      this.show({ name: 'enrol', busy: false, refused: refusedBy(reason) });
    }
  }

  /** Forgets keys and gallery, to be enrolled by a new code. */
  async enrolAgain(): Promise<void> {
    await this.gallery?.wipe();
    await this.offline.value?.distrusted();
    if ((this.offline.value?.unsent.value ?? 0) > 0) return this.show({ name: 'out-of-service', reEnrol: true }); // first what was sold must be handed in
    await forgetDevice();
    window.location.reload();
  }

  private async begin(device: DeviceSelf): Promise<void> {
    if (this.screen.value.name === 'enrol') this.show({ name: 'starting' });
    this.gallery = new Gallery(device, server.runningModel().id);
    await this.gallery.load();
    this.offline.value = new OfflineDesk(device, () => (this.demo.value !== null ? 'demo' : this.stream.value === null ? 'none' : 'ok'), () => this.gate === null && !this.locked.value);
    this.locked.value = await isLocked();
    await this.offline.value.begin();
    void this.openEyes();
    const open = await unansweredPayment();
    this.poll();
    if (open !== null) return settleOpen(this, open);
    await this.refresh();
    if (this.screen.value.name === 'starting') await this.home();
  }

  /** From now on the server is asked again and again, whatever is on the glass. */
  private poll(): void {
    if (this.polling) return;
    this.polling = true;
    setInterval(() => void this.refresh(), POLL_MS);
    window.addEventListener('online', () => void this.refresh());
    window.addEventListener('offline', () => void this.refresh());
  }

  /** Menu and gallery; a kiosk that is no longer trusted stops and forgets its faces, one without faces still sells. */
  async refresh(): Promise<void> {
    if (this.screen.value.name === 'waiting') return; // asks by itself
    try {
      if (!server.isKnown()) this.demoAllowed.value = (await server.askMode()).demo; // a machine that was faster than its router
      this.today.value = await server.askToday(this.weighing.hasScale);
      this.online.value = true;
      this.offline.value?.told(this.today.value);
      // Faces and what a kiosk needs without network are fetched while the first screen stands.
      if (this.resting.isOvertaken() || this.invitesInVain()) await this.home();
    } catch (reason) {
      this.online.value = !isNetwork(reason);
      if (server.isDistrusted(reason)) return this.distrusted();
      if (server.isWaiting(reason)) return untilConfirmed(this);
      if (isNetwork(reason) || isOutOfOrder(reason)) return this.goOnWithout();
    }
    await this.gallery?.sync().then(() => this.keyDesk.look()).catch(() => undefined);
    await askAfterOld(this.screen.value);
    await this.offline.value?.whileOnline();
    await followModel(this).catch(() => undefined);
  }

  /** The first screen asks people in while there is nothing left to sell, and nobody stands there. */
  private invitesInVain(): boolean {
    return this.screen.value.name === 'welcome' && firstScreen(this.today.value).name !== 'welcome' && (this.emptyForMs() ?? untouchedMs()) > ALONE_MS;
  }

  /** The network is away: the menu is what the allowance holds, where it holds one. */
  async goOnWithout(): Promise<void> {
    const today = await this.offline.value?.today().catch(() => null) ?? null;
    if (today !== null) this.today.value = today;
    if (this.screen.value.name === 'checking') return; // what became of a payment stays on the glass
    if (['staff-pin', 'staff', 'ports'].includes(this.screen.value.name)) return; // nobody is thrown out of the panel
    if (this.today.value === null) return this.outOfService({ reEnrol: false, ...(this.locked.value ? { locked: true } : {}) });
    if (today !== null && this.resting.isOvertaken()) await this.home();
  }

  private outOfService(why: { reEnrol: boolean; locked?: true }): void {
    const screen: Screen = { name: 'out-of-service', ...why };
    if (!this.resting.holds(screen)) this.show(screen);
  }

  /** A wrong clock looks like a wrong device: the time is fetched once before the kiosk gives up. */
  async distrusted(): Promise<void> {
    try {
      await server.askMode();
      await server.askToday();
    } catch (reason) {
      if (!server.isDistrusted(reason)) return;
      await this.gallery?.wipe();
      await this.offline.value?.distrusted();
      this.outOfService({ reEnrol: true });
    }
  }

  /** Looks through the camera as long as there is one; a camera that comes back, or a model that arrives late, is taken then. */
  private async openEyes(): Promise<void> {
    const camera: Camera | null = this.demoWanted && this.demoAllowed.value ? await openDemoCamera() : await openCamera();
    const begun = camera === null ? false : await this.see(camera).then(() => true, () => false);
    if (!begun) this.closeEyes(camera);
  }

  private closeEyes(camera: Camera | null): void {
    for (const track of camera?.stream.getTracks() ?? []) track.stop();
    this.watcher?.stop();
    [this.watcher, this.eyes, this.stream.value] = [null, null, null];
    setTimeout(() => void this.openEyes(), EYES_AGAIN_MS);
  }

  private async see(camera: Camera): Promise<void> {
    this.stream.value = camera.stream;
    this.demo.value = camera.demo;
    const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true, srcObject: camera.stream });
    await video.play();
    const engine = await loadFaceEngine(FACE_ASSETS, embedderOf(server.runningModel(), FACE_ASSETS));
    this.eyes = { engine, video };
    this.watcher = new Watcher({
      engine, video,
      gallery: () => this.gallery?.ground ?? NOTHING_KNOWN,
      beforeUse: async () => { if (this.online.value) await this.gallery?.sync().catch(() => undefined); },
      onView: (view) => {
        this.view.value = view;
        if (view !== 'nobody') return;
        this.unknownTries = 0;
        this.gate?.sees(null);
      },
      onSighting: (sighting, motion) => this.sighted(sighting, motion),
      onOther: () => { if (this.screen.value.name === 'done') void this.home(); }, // whose receipt stands there has gone
      onBlind: () => this.closeEyes(camera),
    });
    this.watcher.restart(SEARCHING.includes(this.screen.value.name) ? 'search' : 'presence');
    this.watcher.start();
  }

  /** Demo only: registers the visitor in front of the demo camera. @returns the masked name, null where that failed */
  async enrolDemoVisitor(personId: string): Promise<string | null> {
    if (this.eyes === null || this.demo.value === null) return null;
    this.watcher?.restart('off');
    const maskedName = await captureDemoVisitor(this.eyes, this.demo.value, personId)
      .then((request) => (request === null ? null : server.enrolDemoFace(request))).catch(() => null);
    await this.gallery?.sync().catch(() => undefined);
    await this.home();
    return maskedName;
  }

  private sighted(sighting: Sighting, motion: MotionSign): void {
    if (!SEARCHING.includes(this.screen.value.name) || this.busy.value) return; // a card that is asked about goes first
    if (sighting.kind !== 'identified') this.gate?.sees(null);
    if (sighting.kind === 'unknown') {
      this.unknownTries += 1;
      if (this.unknownTries >= TRIES_BEFORE_HELP) this.show(this.gate === null ? { name: 'not-recognised', doubt: [] } : { name: 'gate', decision: 'unknown', freeSeats: null });
      return;
    }
    this.unknownTries = 0;
    if (sighting.kind === 'confirm' && this.gate !== null) return this.show({ name: 'gate', decision: 'unknown', freeSeats: null });
    if (sighting.kind === 'confirm') {
      const { personCodes } = sighting;
      return this.follow(this.turns.several({ personCodes, motion }, this.turnSettings(), (side) => this.turned(side, personCodes[0])));
    }
    const { personCode, frames, band, riskPpm } = sighting;
    const maskedName = this.gallery?.nameOf(personCode);
    if (maskedName == null || isOnTray(this.tray.value, personCode)) return; // the first of the two still stands there
    const candidate: Candidate = { maskedName, claim: { kind: 'face', personCode, frames, band, riskPpm } };
    if (this.gate !== null) return void this.gate.arrived(this, candidate);
    this.follow(this.turns.next({ candidate, personCode, riskPpm, motion }, this.turnSettings(), (side) => this.turned(side, personCode)));
  }

  /** Whoever left the turn has left: what became of it is not the next one's to read. */
  private follow(next: Promise<Screen>): void {
    const before = this.screen.value;
    void next.then((screen) => {
      if (this.screen.value === before || this.screen.value.name === 'turn') this.show(screen);
    });
  }

  /** Shows what is asked, and waits until whoever stands there has turned the head; null where they left that screen. */
  turned(side: TurnDirection, who: string | UnitVector): Promise<TurnEnd> {
    this.show({ name: 'turn', side });
    return this.watcher?.awaitTurn(side, who) ?? Promise.resolve(null);
  }

  /** The drawn camera of the demo cannot turn its head. */
  turnSettings(): RecognitionSettings | null {
    return this.demo.value === null ? this.gallery?.settings ?? null : null;
  }

  /** Back to the first screen, or to what is shown instead of it. */
  async home(): Promise<void> {
    this.unknownTries = 0;
    this.tray.value = null;
    this.show(this.resting.begin());
  }

  /** Looks for a person again: for the second of two where the first has chosen. */
  async lookAgain(): Promise<void> {
    if (this.tray.value === null) return this.home();
    this.unknownTries = 0;
    this.show({ name: 'second', same: false });
  }

  /** The person has said who they are: prices of up to three meals, straight to the one where only one is left. */
  async thatIsMe(candidate: Candidate): Promise<void> {
    if (this.locked.value) return this.home();
    if (isOnTray(this.tray.value, personCodeOf(candidate))) return this.show({ name: 'second', same: true });
    if (candidate.asksPin === true) return this.show({ name: 'pin', candidate, wrong: false });
    if (candidate.ahead === true) return openOrders(this, candidate);
    const wanted = this.weighing.wanted(this.offers.value, mostMeals());
    if (wanted.length === 0) return this.show(this.weighing.nothingTaken(this.offers.value));
    const meals = await this.asked(() => this.orWithout(
      async () => mealsFor(candidate.claim, wanted, this.offers.value, await this.ahead.of(candidate.claim, wanted)),
      (desk) => desk.priced(candidate, wanted.filter(({ plate }) => plate === undefined).map(({ setMealId }) => setMealId)),
    ));
    if (meals === undefined) return;
    const [first] = meals;
    if (first === undefined) return this.show(this.weighing.nothingTaken(this.offers.value));
    if (meals.length === 1) return this.choose(candidate, first);
    this.show({ name: 'meal', candidate, meals });
  }

  choose(candidate: Candidate, meal: PricedMeal): void {
    if (meal.quote.notSuitable === true) this.show({ name: 'meal', candidate, meals: [meal] });
    else if (meal.quote.shortFen > 0) {
      this.show({ name: 'short', shortFen: meal.quote.shortFen });
      void server.tellShort({ claim: candidate.claim, ...sent(meal) });
    } else this.show({ name: 'confirm', candidate, meal, changed: false });
  }

  /** Only from the confirm screen, once. */
  readonly pay = (): Promise<void> => payConfirmed(this);

  /** Asks the server, or the allowance where it is out of reach. */
  orWithout<Answer>(online: () => Promise<Answer>, without: (desk: OfflineDesk) => Promise<Answer>): Promise<Answer> {
    return askOrWithout(this, online, without);
  }

  showRefusal(reason: unknown): void {
    if (server.isDistrusted(reason)) return void this.distrusted();
    this.show(screenOfRefusal(reason));
  }

  /** One request at a time and its answer; undefined where it failed, which becomes a screen, and where whoever asked has left that screen meanwhile. */
  asked<Answer>(work: () => Promise<Answer>): Promise<Answer | undefined> {
    return this.visit.asked(this.screen.value, work, (reason) => this.showRefusal(reason));
  }

  /** Runs one request at a time that shows itself what became of it; whatever goes wrong becomes a screen. */
  async while(work: () => Promise<void>): Promise<void> {
    await this.asked(work);
  }

  async help(reason: KioskHelpRequest['reason'] = 'asked'): Promise<void> {
    attentionSound();
    const asked: Screen = { name: 'help' };
    if (this.screen.value.name !== 'checking') this.show(asked);
    if (!await server.callStaff(reason) && this.screen.value === asked) this.show({ name: 'help', unheard: true }); // not to the next one, who was heard
  }
}
