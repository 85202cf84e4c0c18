import { z } from 'zod';
import { pictureTypeOf } from '../analytics/fields.ts';
import { ApiError } from '../errors.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { newId, saltedHash } from '../ids.ts';
import { text } from '../messages.ts';
import { sessionId } from './fields.ts';

const largestUpload = 10 * 1024 * 1024;
const urlMs = 15 * 60_000;

const schema = z.object({
  sessionId,
  uploadId: z.string().min(1).max(120).optional(),
  metadata: z
    .object({
      type: z
        .string()
        .regex(/^image\/[\w.+-]{1,64}$/, 'an image type such as image/jpeg')
        .default('image/jpeg'),
      caption: z.string().max(280).optional(),
      source: z.string().max(64).optional(),
      fileName: z.string().max(200).optional(),
      sizeBytes: z.int().min(0).default(0),
    })
    .default({ type: 'image/jpeg', sizeBytes: 0 }),
});

const response = z.object({
  ok: z.literal(true),
  url: z.url(),
  originalFileName: z.string(),
  contentType: z.string(),
  sizeBytes: z.int(),
  inspirationId: z.string(),
  moderationStatus: z.enum(['pending_review', 'approved', 'rejected']),
});

/** Registers a picture and gives a signed address for it that is good for 15 minutes. */
export const inspiration: Endpoint<z.infer<typeof schema>> = {
  path: '/api/concierge/inspiration',
  openPath: '/api/support/inspiration',
  summary: 'Announce a picture and get a signed address for it',
  scope: 'inspiration:write',
  intent: 'inspiration_upload',
  schema,
  response,
  errors: { 400: ['UPLOAD_TOO_LARGE'] },
  codes: { 'metadata.type': 'validation.content_type' },
  async handle({ sessionId, uploadId, metadata }, { now }, { store, copy, settings }) {
    const { type: contentType, sizeBytes, caption, source } = metadata;
    if (sizeBytes > largestUpload) {
      throw new ApiError(400, 'UPLOAD_TOO_LARGE', 'Pictures may have up to 10 MB.');
    }
    const inspirationId = newId('ins_');
    const path = `/inspiration/${inspirationId}`;
    const expires = now + urlMs;
    const signature = saltedHash(settings.bucket.secretAccessKey, `${path}:${expires}`);
    const assetUrl = `https://media.glowglitch.com${path}`;
    const name = metadata.fileName ?? uploadId ?? inspirationId;
    const moderationStatus = 'pending_review';
    await store.addInspiration({
      inspirationId,
      sessionId,
      assetUrl,
      file: { name, contentType, sizeBytes },
      ...(caption === undefined ? {} : { caption }),
      ...(source === undefined ? {} : { source }),
      moderationStatus,
      createdAt: new Date(now),
    });
    return {
      body: {
        ok: true,
        url: `${assetUrl}?expires=${expires}&signature=${signature}`,
        originalFileName: name,
        contentType,
        sizeBytes,
        inspirationId,
        moderationStatus,
      },
      messages: [text(copy.inspirationReceived)],
      events: [
        {
          event: 'aurora_inspiration_uploaded',
          fields: { inspirationId, contentType: pictureTypeOf(contentType), sizeBytes },
        },
      ],
    };
  },
};
