/* Draws a graph as Gephi draws it, for docs/export.md, with the Gephi Toolkit (org.gephi:gephi-toolkit:0.10.1, jar "all"):

     slugline export news.gexf
     java -Djava.awt.headless=true -cp gephi-toolkit-0.10.1-all.jar docs/pictures/GephiPicture.java news.gexf docs/pictures/gephi.svg
*/
import java.awt.Color;
import java.io.File;
import org.gephi.appearance.api.*;
import org.gephi.appearance.plugin.*;
import org.gephi.appearance.plugin.palette.*;
import org.gephi.graph.api.*;
import org.gephi.io.exporter.api.ExportController;
import org.gephi.io.importer.api.*;
import org.gephi.io.processor.plugin.DefaultProcessor;
import org.gephi.layout.plugin.forceAtlas2.*;
import org.gephi.layout.plugin.labelAdjust.LabelAdjust;
import org.gephi.preview.api.*;
import org.gephi.preview.types.*;
import org.gephi.project.api.*;
import org.gephi.statistics.plugin.Modularity;
import org.openide.util.Lookup;

public class GephiPicture {
  public static void main(String[] args) throws Exception {
    ProjectController pc = Lookup.getDefault().lookup(ProjectController.class);
    pc.newProject();
    Workspace ws = pc.getCurrentWorkspace();
    ImportController ic = Lookup.getDefault().lookup(ImportController.class);
    Container c = ic.importFile(new File(args[0]));
    c.getLoader().setEdgeDefault(EdgeDirectionDefault.UNDIRECTED);
    ic.process(c, new DefaultProcessor(), ws);
    GraphModel gm = Lookup.getDefault().lookup(GraphController.class).getGraphModel(ws);
    System.out.println(gm.getGraph().getNodeCount() + " nodes " + gm.getGraph().getEdgeCount() + " edges");
    for (Column col : gm.getNodeTable()) System.out.println("node column " + col.getTitle() + " " + col.getTypeClass().getSimpleName());
    for (Column col : gm.getEdgeTable()) System.out.println("edge column " + col.getTitle() + " " + col.getTypeClass().getSimpleName());
    System.out.println("time " + gm.getTimeBounds());
    Modularity m = new Modularity(); m.setRandom(false); m.execute(gm);
    AppearanceController ac = Lookup.getDefault().lookup(AppearanceController.class);
    AppearanceModel am = ac.getModel();
    Column mod = gm.getNodeTable().getColumn(Modularity.MODULARITY_CLASS);
    Function f = am.getNodeFunction(mod, PartitionElementColorTransformer.class);
    Partition p = ((PartitionFunction) f).getPartition();
    p.setColors(gm.getGraph(), PaletteManager.getInstance().generatePalette(p.size(gm.getGraph())).getColors());
    ac.transform(f);
    Function size = am.getNodeFunction(gm.defaultColumns().degree(), RankingNodeSizeTransformer.class);
    RankingNodeSizeTransformer t = (RankingNodeSizeTransformer) size.getTransformer(); t.setMinSize(5); t.setMaxSize(18);
    ac.transform(size);
    java.util.Random r = new java.util.Random(1);
    for (Node n : gm.getGraph().getNodes()) { n.setX(r.nextFloat()*500); n.setY(r.nextFloat()*500); }
    ForceAtlas2 fa = new ForceAtlas2(new ForceAtlas2Builder());
    fa.setGraphModel(gm); fa.resetPropertiesValues(); fa.setScalingRatio(90.0); fa.setAdjustSizes(true); fa.setGravity(45.0); fa.setThreadsCount(1);
    fa.initAlgo(); for (int i=0;i<1500 && fa.canAlgo();i++) fa.goAlgo(); fa.endAlgo();
    PreviewController pv = Lookup.getDefault().lookup(PreviewController.class);
    PreviewModel pm = pv.getModel();
    pm.getProperties().putValue(PreviewProperty.SHOW_NODE_LABELS, true);
    pm.getProperties().putValue(PreviewProperty.NODE_LABEL_PROPORTIONAL_SIZE, false);
    pm.getProperties().putValue(PreviewProperty.NODE_LABEL_FONT, new java.awt.Font("DejaVu Sans", 0, 6));
    pm.getProperties().putValue(PreviewProperty.EDGE_CURVED, false); pm.getProperties().putValue(PreviewProperty.EDGE_RESCALE_WEIGHT, true); pm.getProperties().putValue(PreviewProperty.MARGIN, 12f); pm.getProperties().putValue(PreviewProperty.EDGE_THICKNESS, 2f);
    pm.getProperties().putValue(PreviewProperty.EDGE_OPACITY, 50);
    pm.getProperties().putValue(PreviewProperty.BACKGROUND_COLOR, Color.WHITE);
    pv.refreshPreview();
    org.gephi.io.exporter.preview.SVGExporter svg = new org.gephi.io.exporter.preview.SVGExporter();
    svg.setWorkspace(ws);
    try (java.io.Writer out = new java.io.FileWriter(args[1])) { Lookup.getDefault().lookup(ExportController.class).exportWriter(out, svg); }
  }
}
