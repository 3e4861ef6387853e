export default {
  title: "Check a file instead",
  hint: "A certificate saved as PDF or JSON. The file stays on your device.",
  too_large: "That file is too large to be a certificate. It was not read any further.",
  not_text: "That is neither a PDF nor JSON. Choose the certificate's PDF or JSON.",
  not_read: "The file could not be read. Choose it again.",
  pdf_encrypted:
    "That PDF is protected by a password. Save it without one, or choose the certificate's JSON.",
  pdf_without:
    "That PDF carries no certificate; printing or editing a PDF removes it. Download it again from the certificate's page.",
  pdf_several:
    "That PDF carries more than one file, so it is not as we issued it. Download it again from the certificate's page.",
  pdf_damaged:
    "That PDF is damaged: its certificate cannot be unpacked. Download it again from the certificate's page.",
  now: "What the registry says now",
  nowRevoked: "It was revoked on {{ date }}",
  nowGood: "Not revoked, as of {{ date }}",
  nowPassedOn:
    "Not revoked, but its credits were passed on: other certificates are current for them, as of {{ date }}",
  nowRetired:
    "Not revoked; its credits were retired, and the certificate of retirement is current for them, as of {{ date }}",
  nowUnknown: "The registry does not know this number",
  nowUnreachable: "The registry could not be asked; what the file says may be old.",
} as const;
