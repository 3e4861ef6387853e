import { expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileMailer, smtpMailer } from "./mailer.ts";

const mail = {
  id: "ntf_1",
  to: "lan@example.com",
  subject: "Tín chỉ của bạn",
  text: "Xin chào",
  html: "<p>Xin chào</p>",
};

test("in development each mail is one file that a mail program opens", async () => {
  const folder = await mkdtemp(join(tmpdir(), "evx-mail-"));
  try {
    const mailer = fileMailer(join(folder, "mail"), "EVX <no-reply@example.com>");
    await mailer.send(mail);
    await mailer.send(mail);
    expect(await readdir(join(folder, "mail"))).toEqual(["ntf_1.eml"]);
    const text = await readFile(join(folder, "mail/ntf_1.eml"), "utf8");
    expect(text).toContain("To: lan@example.com");
    expect(text).toContain("Message-ID: <ntf_1@evx>");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("over SMTP the server gets the mail; a server that is not there is an error to try again after", async () => {
  let received = "";
  const server = createServer((socket) => {
    let data = false;
    socket.write("220 test ESMTP\r\n");
    socket.on("data", (chunk) => {
      for (const line of chunk
        .toString()
        .split("\r\n")
        .filter((part) => part !== "")) {
        if (data) {
          received += `${line}\n`;
          if (line === ".") {
            data = false;
            socket.write("250 stored\r\n");
          }
        } else if (line.startsWith("DATA")) {
          data = true;
          socket.write("354 go on\r\n");
        } else if (line.startsWith("QUIT")) socket.end("221 bye\r\n");
        else socket.write("250 ok\r\n");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await smtpMailer(`smtp://127.0.0.1:${port}`, "EVX <no-reply@example.com>").send(mail);
  expect(received).toContain("Message-ID: <ntf_1@evx>");
  server.close();
  await expect(smtpMailer("smtp://127.0.0.1:1", "x@example.com").send(mail)).rejects.toThrow();
});
