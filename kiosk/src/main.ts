import { loadFaceEngine, cosine, templateOf } from '../../ui/face/index.js';
import { startDemoCamera, DEMO_PEOPLE, drawDemoPerson } from '../../ui/demo-camera/index.js';
import { ENROL_CAPTURES, VISIT_CAPTURE } from '../../ui/demo-camera/people.js';
Object.assign(window, { loadFaceEngine, cosine, templateOf, startDemoCamera, DEMO_PEOPLE, drawDemoPerson, ENROL_CAPTURES, VISIT_CAPTURE });
