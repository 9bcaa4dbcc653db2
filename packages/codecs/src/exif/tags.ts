/**
 * Names of EXIF tags, spelled as EXIF 2.31 and exiv2 spell them. GPS tags have numbers of their own
 * that mean other things elsewhere, so each directory is looked up in its own table.
 * @module
 */

export const ORIENTATION = 0x0112;
export const X_RESOLUTION = 0x011a;
export const Y_RESOLUTION = 0x011b;
export const RESOLUTION_UNIT = 0x0128;
export const EXIF_POINTER = 0x8769;
export const GPS_POINTER = 0x8825;

/** Which directory a tag stands in. */
export type TagNames = 'main' | 'exif' | 'gps' | 'thumbnail';

export function tagNamesOf(names: TagNames): ReadonlyMap<number, string> {
  if (names === 'gps') return GPS_TAGS;
  return names === 'exif' ? EXIF_TAGS : MAIN_TAGS;
}

/** IFD0 and IFD1 (EXIF 2.31, tables 4 and 5; TIFF 6.0; the XP tags of Windows). */
// oxfmt-ignore
const MAIN_TAGS: ReadonlyMap<number, string> = new Map([
  [0x000b, 'ProcessingSoftware'], [0x00fe, 'NewSubfileType'], [0x00ff, 'SubfileType'],
  [0x0100, 'ImageWidth'], [0x0101, 'ImageLength'], [0x0102, 'BitsPerSample'],
  [0x0103, 'Compression'], [0x0106, 'PhotometricInterpretation'], [0x010a, 'FillOrder'],
  [0x010d, 'DocumentName'], [0x010e, 'ImageDescription'], [0x010f, 'Make'], [0x0110, 'Model'],
  [0x0111, 'StripOffsets'], [ORIENTATION, 'Orientation'], [0x0115, 'SamplesPerPixel'],
  [0x0116, 'RowsPerStrip'], [0x0117, 'StripByteCounts'], [X_RESOLUTION, 'XResolution'],
  [Y_RESOLUTION, 'YResolution'], [0x011c, 'PlanarConfiguration'], [0x011d, 'PageName'],
  [RESOLUTION_UNIT, 'ResolutionUnit'], [0x0129, 'PageNumber'], [0x012d, 'TransferFunction'],
  [0x0131, 'Software'], [0x0132, 'DateTime'], [0x013b, 'Artist'], [0x013c, 'HostComputer'],
  [0x013d, 'Predictor'], [0x013e, 'WhitePoint'], [0x013f, 'PrimaryChromaticities'],
  [0x0140, 'ColorMap'], [0x0142, 'TileWidth'], [0x0143, 'TileLength'], [0x0144, 'TileOffsets'],
  [0x0145, 'TileByteCounts'], [0x014a, 'SubIFDs'], [0x0152, 'ExtraSamples'],
  [0x0153, 'SampleFormat'], [0x0201, 'JPEGInterchangeFormat'],
  [0x0202, 'JPEGInterchangeFormatLength'], [0x0211, 'YCbCrCoefficients'],
  [0x0212, 'YCbCrSubSampling'], [0x0213, 'YCbCrPositioning'], [0x0214, 'ReferenceBlackWhite'],
  [0x4746, 'Rating'], [0x4749, 'RatingPercent'], [0x8298, 'Copyright'],
  [EXIF_POINTER, 'ExifTag'], [GPS_POINTER, 'GPSTag'], [0xc4a5, 'PrintImageMatching'],
  [0x9c9b, 'XPTitle'], [0x9c9c, 'XPComment'], [0x9c9d, 'XPAuthor'], [0x9c9e, 'XPKeywords'],
  [0x9c9f, 'XPSubject'],
]);

/** The Exif directory (EXIF 2.31, tables 7 and 8). */
// oxfmt-ignore
const EXIF_TAGS: ReadonlyMap<number, string> = new Map([
  [0x829a, 'ExposureTime'], [0x829d, 'FNumber'], [0x8822, 'ExposureProgram'],
  [0x8824, 'SpectralSensitivity'], [0x8827, 'ISOSpeedRatings'], [0x8828, 'OECF'],
  [0x8830, 'SensitivityType'], [0x8831, 'StandardOutputSensitivity'],
  [0x8832, 'RecommendedExposureIndex'], [0x8833, 'ISOSpeed'], [0x8834, 'ISOSpeedLatitudeyyy'],
  [0x8835, 'ISOSpeedLatitudezzz'], [0x9000, 'ExifVersion'], [0x9003, 'DateTimeOriginal'],
  [0x9004, 'DateTimeDigitized'], [0x9010, 'OffsetTime'], [0x9011, 'OffsetTimeOriginal'],
  [0x9012, 'OffsetTimeDigitized'], [0x9101, 'ComponentsConfiguration'],
  [0x9102, 'CompressedBitsPerPixel'], [0x9201, 'ShutterSpeedValue'], [0x9202, 'ApertureValue'],
  [0x9203, 'BrightnessValue'], [0x9204, 'ExposureBiasValue'], [0x9205, 'MaxApertureValue'],
  [0x9206, 'SubjectDistance'], [0x9207, 'MeteringMode'], [0x9208, 'LightSource'],
  [0x9209, 'Flash'], [0x920a, 'FocalLength'], [0x9214, 'SubjectArea'], [0x927c, 'MakerNote'],
  [0x9286, 'UserComment'], [0x9290, 'SubSecTime'], [0x9291, 'SubSecTimeOriginal'],
  [0x9292, 'SubSecTimeDigitized'], [0x9400, 'Temperature'], [0x9401, 'Humidity'],
  [0x9402, 'Pressure'], [0x9403, 'WaterDepth'], [0x9404, 'Acceleration'],
  [0x9405, 'CameraElevationAngle'], [0xa000, 'FlashpixVersion'], [0xa001, 'ColorSpace'],
  [0xa002, 'PixelXDimension'], [0xa003, 'PixelYDimension'], [0xa004, 'RelatedSoundFile'],
  [0xa005, 'InteroperabilityTag'], [0xa20b, 'FlashEnergy'], [0xa20c, 'SpatialFrequencyResponse'],
  [0xa20e, 'FocalPlaneXResolution'], [0xa20f, 'FocalPlaneYResolution'],
  [0xa210, 'FocalPlaneResolutionUnit'], [0xa214, 'SubjectLocation'], [0xa215, 'ExposureIndex'],
  [0xa217, 'SensingMethod'], [0xa300, 'FileSource'], [0xa301, 'SceneType'],
  [0xa302, 'CFAPattern'], [0xa401, 'CustomRendered'], [0xa402, 'ExposureMode'],
  [0xa403, 'WhiteBalance'], [0xa404, 'DigitalZoomRatio'], [0xa405, 'FocalLengthIn35mmFilm'],
  [0xa406, 'SceneCaptureType'], [0xa407, 'GainControl'], [0xa408, 'Contrast'],
  [0xa409, 'Saturation'], [0xa40a, 'Sharpness'], [0xa40b, 'DeviceSettingDescription'],
  [0xa40c, 'SubjectDistanceRange'], [0xa420, 'ImageUniqueID'], [0xa430, 'CameraOwnerName'],
  [0xa431, 'BodySerialNumber'], [0xa432, 'LensSpecification'], [0xa433, 'LensMake'],
  [0xa434, 'LensModel'], [0xa435, 'LensSerialNumber'], [0xa500, 'Gamma'],
]);

/** The GPS directory (EXIF 2.31, table 15). */
// oxfmt-ignore
const GPS_TAGS: ReadonlyMap<number, string> = new Map([
  [0x00, 'GPSVersionID'], [0x01, 'GPSLatitudeRef'], [0x02, 'GPSLatitude'],
  [0x03, 'GPSLongitudeRef'], [0x04, 'GPSLongitude'], [0x05, 'GPSAltitudeRef'],
  [0x06, 'GPSAltitude'], [0x07, 'GPSTimeStamp'], [0x08, 'GPSSatellites'], [0x09, 'GPSStatus'],
  [0x0a, 'GPSMeasureMode'], [0x0b, 'GPSDOP'], [0x0c, 'GPSSpeedRef'], [0x0d, 'GPSSpeed'],
  [0x0e, 'GPSTrackRef'], [0x0f, 'GPSTrack'], [0x10, 'GPSImgDirectionRef'],
  [0x11, 'GPSImgDirection'], [0x12, 'GPSMapDatum'], [0x13, 'GPSDestLatitudeRef'],
  [0x14, 'GPSDestLatitude'], [0x15, 'GPSDestLongitudeRef'], [0x16, 'GPSDestLongitude'],
  [0x17, 'GPSDestBearingRef'], [0x18, 'GPSDestBearing'], [0x19, 'GPSDestDistanceRef'],
  [0x1a, 'GPSDestDistance'], [0x1b, 'GPSProcessingMethod'], [0x1c, 'GPSAreaInformation'],
  [0x1d, 'GPSDateStamp'], [0x1e, 'GPSDifferential'], [0x1f, 'GPSHPositioningError'],
]);
