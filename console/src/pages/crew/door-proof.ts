import { ref } from 'vue';
import type { PhonePlace } from '../../../../src/contract/delivery.js';
import { smallPhoto } from '../../parts/small-photo.js';

/** A photo as it was taken, its number made in the same moment. */
export interface DoorPhoto { readonly id: string; readonly deviceAt: string; readonly photo: string }

/** What proves a door beside words: where the phone was and a photo. Nobody waits for either. */
export function useDoorProof() {
  const place = ref<PhonePlace | null>(null);
  const photo = ref<DoorPhoto | null>(null);
  const photoFailed = ref(false);

  function lookAround(): void {
    if (!('geolocation' in navigator)) return;
    navigator.geolocation.getCurrentPosition((found) => {
      const { latitude, longitude, accuracy } = found.coords;
      place.value = { latitude, longitude, accuracyM: Math.min(100_000, Math.round(accuracy)) };
    }, () => undefined, { timeout: 10_000, maximumAge: 30_000, enableHighAccuracy: true });
  }

  async function take(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = '';
    if (file === undefined) return;
    const deviceAt = new Date().toISOString();
    photoFailed.value = false;
    try {
      photo.value = { id: crypto.randomUUID(), deviceAt, photo: await smallPhoto(file) };
    } catch {
      photoFailed.value = true;
    }
  }

  return { place, photo, photoFailed, lookAround, take };
}
