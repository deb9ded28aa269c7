import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.dom.DOMStructure;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.TransformService;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * The JDK as a judge of XML: `java XmlPeer.java canonical FILE...` prints canonical XML 1.0 in base64, a line for each file;
 * `java XmlPeer.java verify FILE...` prints for each whether its reference and its signature value hold.
 */
public class XmlPeer {
    static final String DSIG = "http://www.w3.org/2000/09/xmldsig#";

    public static void main(String[] args) throws Exception {
        for (String file : List.of(args).subList(1, args.length)) {
            byte[] octets = Files.readAllBytes(Path.of(file));
            System.out.println(answer(args[0], octets));
        }
    }

    static String answer(String question, byte[] octets) {
        try {
            return question.equals("canonical") ? canonical(octets) : verify(octets);
        } catch (Exception refused) {
            return "refused " + refused.getMessage();
        }
    }

    static DocumentBuilder parser() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder();
    }

    static String canonical(byte[] octets) throws Exception {
        TransformService service = TransformService.getInstance("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "DOM");
        Element transform = parser().newDocument().createElementNS(DSIG, "Transform");
        service.init(new DOMStructure(transform), null);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        KeySelector noKey = KeySelector.singletonKeySelector(new SecretKeySpec(new byte[1], "none"));
        service.transform(new OctetStreamData(new ByteArrayInputStream(octets)), new DOMValidateContext(noKey, transform), out);
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }

    static String verify(byte[] octets) throws Exception {
        Document document = parser().parse(new ByteArrayInputStream(octets));
        Element signature = (Element) document.getElementsByTagNameNS(DSIG, "Signature").item(0);
        String text = signature.getElementsByTagNameNS(DSIG, "X509Certificate").item(0).getTextContent();
        byte[] certificate = Base64.getMimeDecoder().decode(text.getBytes(StandardCharsets.US_ASCII));
        var key = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate)).getPublicKey();
        DOMValidateContext context = new DOMValidateContext(KeySelector.singletonKeySelector(key), signature);
        context.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.TRUE);
        var found = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
        var references = found.getSignedInfo().getReferences();
        boolean held = true;
        for (Object reference : references) held &= ((Reference) reference).validate(context);
        return held + " " + found.getSignatureValue().validate(context);
    }
}
