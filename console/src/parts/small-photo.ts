const MOST_EDGE_PX = 1280;
/** The server reads no body above 256 KB, and the rest of the request goes along. */
const MOST_LENGTH = 230_000;

/** A photo as a JPEG data address of at most 170 KB, made smaller on the phone before it is sent. @throws where the file is no picture */
export async function smallPhoto(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file);
  const canvas = document.createElement('canvas');
  for (let edge = MOST_EDGE_PX; ; edge = Math.round(edge * 0.7)) {
    const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const address = canvas.toDataURL('image/jpeg', 0.7);
    if (address.length <= MOST_LENGTH || edge < 200) return address;
  }
}
